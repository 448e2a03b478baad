"""Cases that an analyst can read and write, `tests/golden/decide/STAGE.txt`: a home in a moment, and what comes of it.

A line is a word and its parts, two or more spaces apart; what is not written is plain (see `kernel_homes`). First
what is known (`channel`, `rule`, `prior`, `action`, `home`, `person`, `line`, `offer`, `contact`, `asked`), then what
comes of it: `proposed`, with its probability and money, and `excluded`, with the stage and the reason. Money is in
euros, probabilities between 0 and 1. `#` begins a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import kernel_homes as homes

from hogar import decide
from hogar.decide import Decision, Kernel
from hogar.strategy.types import RolePriors
from hogar.telco.channels import CHANNELS
from hogar.telco.roles import ROLES

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OUTCOMES = ("proposed", "excluded")
Parts = tuple[list[str], dict[str, str], list[str]]


@dataclass
class Case:
    """One case: its name, the lines that say what is known, and the lines that say what comes of it."""

    name: str
    known: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)


def read(text: str) -> Iterator[Case]:
    """The cases of a file, in order."""
    case: Case | None = None
    for written in text.splitlines():
        line = re.sub(r"(^|\s)#.*", "", written).strip()
        word, *rest = re.split(r" {2,}", line)
        if word == "case":
            if case is not None:
                yield case
            case = Case(name=" ".join(rest))
        elif line:
            assert case is not None, f"`{line}` stands before the first case"
            (case.expected if word in OUTCOMES else case.known).append(line)
    if case is not None:
        yield case


def outcome(case: Case) -> list[str]:
    """What comes of a case, written as the file has it."""
    kernel, decision = decided(case)
    rows = []
    for each in decision.proposals:
        money = (
            f"probability={each.probability_micro / 1e6:.6f}  value={each.value_cents / 100:.2f}  "
            f"cost={each.cost_cents / 100:.2f}  score={each.score_microcents / 1e8:.4f}"
        )
        route = f"for {each.subject}  to {each.recipient}  by {each.channel}"
        rows.append(f"proposed  {each.action}  {route}  {money}" + ("  pass_on=yes" if each.pass_on else ""))
    fallen = decide.explain(kernel, decision).excluded
    return rows + [
        f"excluded  {each.action}  for {each.subject}  {each.stage}  {each.because}" for each in fallen
    ]


def decided(case: Case) -> tuple[Kernel, Decision]:
    """The kernel of a case and its decision."""
    told: dict[str, list[Parts]] = {}
    for line in case.known:
        word, *rest = re.split(r" {2,}", line)
        told.setdefault(word, []).append(_parts(rest))
    unknown = set(told) - {
        "action", "asked", "channel", "contact", "home", "line", "offer", "person", "prior", "rule",
    }  # fmt: skip
    assert not unknown, f"case `{case.name}`: {sorted(unknown)} is no word of a case"
    asked = dict(next(iter(told.get("asked", ())), ([], {}, []))[1])
    people = [names[0] for names, _, _ in told.get("person", ())]
    kernel = homes.kernel(
        *(_action(*parts) for parts in sorted(told.get("action", ()))),
        rules=[_rule(*parts) for parts in told.get("rule", ())],
        channels=[_channel(*parts) for parts in told.get("channel", ())] or homes.PLAIN_CHANNELS,
        priors=_priors(told.get("prior", ())),
        proposals_max=int(asked.pop("proposals_max", 3)),
        control_permille=round(1000 * float(asked.pop("control_share", 0))),
        membership_min=float(asked.pop("membership_min", 0.9)),
    )
    contacts = [
        homes.contact(people.index(names[0]), names[1], float(names[2].split()[0]), **fields)
        for names, fields, _ in told.get("contact", ())
    ]
    decisions = homes.ask(kernel, _home(told, people), counters=[contacts], **_asked(asked))
    return kernel, decisions[0]


def _parts(words: list[str]) -> Parts:
    """The names, the fields, and the conditions (which may be several)."""
    names, fields, conditions = [], {}, []
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not re.fullmatch(r"[a-z_.]+", key):
            names.append(word)
        elif key == "eligible":
            conditions.append(value)
        else:
            fields[key] = value
    return names, fields, conditions


def _value(text: str) -> Any:
    if text in ("yes", "no"):
        return text == "yes"
    if re.fullmatch(r"-?[0-9.]+", text):
        return float(text)
    return (
        date.fromisoformat(text)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text)
        else None
        if text == "unknown"
        else text
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return 60 * int(hours) + int(minutes)


def _action(names: list[str], fields: dict[str, str], conditions: list[str]) -> Any:
    written: dict[str, Any] = dict(fields)
    for name, kind in (
        ("roles", _list),
        ("channels", _list),
        ("modes", _list),
        ("needs", _list),
        ("pass_on", _value),
    ):
        if name in written:
            written[name] = kind(written[name])
    if "cost" in written:
        written["cost_cents"] = round(100 * float(written.pop("cost")))
    if "urgency" in written:
        written["weight_permille"] = round(1000 * float(written.pop("urgency")))
    return homes.action(names[0], *conditions, **written)


def _rule(names: list[str], fields: dict[str, str], _: list[str]) -> Any:
    written: dict[str, Any] = dict(fields)
    for name in ("channels", "message_classes"):
        if name in written:
            written[name] = _list(written[name])
    return homes.rule(names[0], int(written.pop("max")), float(written.pop("days")), **written)


def _channel(names: list[str], fields: dict[str, str], _: list[str]) -> Any:
    policy = homes.channel(names[0])
    if "reach" in fields:
        policy = replace(policy, reach=float(fields["reach"]))
    if "cost" in fields:
        policy = replace(policy, cost_cents=round(100 * float(fields["cost"])))
    if "quiet" in fields:
        begin, end = fields["quiet"].split("-")
        policy = replace(policy, quiet_from_minute=_minute(begin), quiet_until_minute=_minute(end))
    if "quiet_days" in fields:
        policy = replace(policy, quiet_days=tuple(map(DAYS.index, _list(fields["quiet_days"]))))
    return policy


def _priors(told: Any) -> RolePriors:
    known = {"yes": 1.0, "pass_on": 0.4, "adviser": 0.5}
    for _, fields, _ in told:
        known |= {name: float(value) for name, value in fields.items()}
    return RolePriors(
        yes=dict.fromkeys(ROLES, known["yes"]), pass_on=known["pass_on"], holder_default=0.8, declared=0.95,
        adviser=known["adviser"],
    )  # fmt: skip


def _home(told: dict[str, list[Parts]], people: list[str]) -> Any:
    def place(name: str) -> int:
        return people.index(name) if name in people else -1

    def offers(of: str) -> list[Any]:
        found = []
        for names, fields, _ in told.get("offer", ()):
            if fields.get("of", "home") == of:
                facts: dict[str, Any] = {
                    k: _value(v) for k, v in fields.items() if k in ("owned", "ordered", "deliverable")
                }
                facts |= {
                    f"{k}_cents": round(100 * float(fields[k]))
                    for k in ("monthly", "current", "cost")
                    if k in fields
                }
                found.append(homes.offer(names[0], **facts))
        return found

    members = []
    for names, fields, _ in told["person"]:
        written: dict[str, Any] = {name: _value(value) for name, value in fields.items()}
        if "payer" in written:
            written["payer"] = place(fields["payer"])
        if "consent" in fields:
            written["marketing"] = sum(1 << CHANNELS.index(name) for name in _list(fields["consent"]))
            del written["consent"]
        if "roles" in fields:
            held = (part.split() for part in _list(fields["roles"]))
            written["roles"] = {role: float(share) for role, share in held}
        members.append(homes.member(names[0], offers=offers(names[0]), **written))
    lines = []
    for names, fields, _ in told.get("line", ()):
        written = {name: _value(value) for name, value in fields.items() if name not in ("user", "payer")}
        who = {role: place(fields.get(role, people[0])) for role in ("user", "payer")}
        lines.append(homes.line(names[0], offers=offers(names[0]), **who, **written))
    fields = {name: value for _, each, _ in told.get("home", ()) for name, value in each.items()}
    known = {name: _value(value) for name, value in fields.items() if name not in ("payer", "advised")}
    return homes.home(
        "home", *members, lines=lines, payer=place(fields.get("payer", "")), offers=offers("home"),
        advised=[place(name) for name in _list(fields.get("advised", ""))], **known,
    )  # fmt: skip


def _asked(fields: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if name.startswith(("event.", "context.")):
            namespace, _, key = name.partition(".")
            found.setdefault(namespace, {})[key] = _value(value)
        elif name in ("channels", "actions", "stopped_actions", "stopped_channels", "heard_by"):
            found[name] = _list(value)
        elif name == "at":
            found["minute"] = _minute(value)
        elif name == "weekday":
            found["weekday"] = DAYS.index(value)
        elif name == "wait_minutes_max":
            found[name] = int(value)
        else:
            found[name] = value
    return found

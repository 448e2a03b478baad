"""Cases that an analyst can read and write, `tests/golden/decide/STAGE.txt`: a home in a moment, and what comes of it.

A line is a word and its parts, two or more spaces apart; what is not written is plain (see `kernel_homes`). First what
is known (`channel`, `rule`, `calendar`, `capacity`, `suppression`, `prior`, `action`, `home`, `person`, `line`,
`offer`, `contact`, `asked`), then what comes of it: `proposed`, with its probability and money, and `excluded`, with
the stage and the reason. Money is in euros, probabilities between 0 and 1. `#` begins a remark.
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
from hogar.errors import Place
from hogar.strategy.calendar import CalendarEntry
from hogar.strategy.capacities import Capacity
from hogar.strategy.levers import TimedWeight
from hogar.strategy.season import ALWAYS, Season
from hogar.strategy.types import RolePriors, Suppression
from hogar.telco.channels import CHANNELS
from hogar.telco.roles import ROLES

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OUTCOMES = ("proposed", "excluded")
_PLACE = Place(file="strategy/policies.yml", line=20)
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
        said = ("  pass_on=yes" if each.pass_on else "") + (f"  role={each.role}" if each.role else "")
        rows.append(f"proposed  {each.action}  {route}  {money}{said}")
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
        "action", "asked", "calendar", "capacity", "channel", "contact", "home", "line", "offer", "person", "prior",
        "rule", "suppression",
    }  # fmt: skip
    assert not unknown, f"case `{case.name}`: {sorted(unknown)} is no word of a case"
    asked = dict(next(iter(told.get("asked", ())), ([], {}, []))[1])
    people = [names[0] for names, _, _ in told.get("person", ())]
    kernel = homes.kernel(
        *(_action(*parts) for parts in sorted(told.get("action", ()))),
        rules=[_rule(*parts) for parts in told.get("rule", ())],
        calendar=tuple(_entry(*parts) for parts in told.get("calendar", ())),
        capacities=tuple(_capacity(*parts) for parts in told.get("capacity", ())),
        suppressions=tuple(_suppression(*parts) for parts in told.get("suppression", ())),
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
        ("spoken_to", _list),
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
    if "valid" in written:
        written["season"] = _season(written.pop("valid"))
    if "lever" in written:
        weight, _, days = written.pop("lever").partition(" ")
        written["timed"] = (TimedWeight(season=_season(days), weight=float(weight)),)
    return homes.action(names[0], *conditions, **written)


def _season(text: str) -> Season:
    """`2026-03-01..2026-03-05`; `12-24..01-06` is of every year."""
    first, last = text.split("..")
    every_year = len(first) == len("12-24")
    days = [date.fromisoformat(f"2000-{end}" if every_year else end) for end in (first, last)]
    return Season(first=days[0], last=days[1], every_year=every_year)


def _entry(names: list[str], fields: dict[str, str], _: list[str]) -> CalendarEntry:
    return CalendarEntry(
        name=names[0], season=_season(fields["days"]), channels=_list(fields.get("channels", "sms, email")),
        purposes=_list(fields.get("purposes", "")), actions=_list(fields.get("actions", "")),
        message_classes=("marketing",), because=fields["because"], place=_PLACE,
    )  # fmt: skip


def _capacity(names: list[str], fields: dict[str, str], _: list[str]) -> Capacity:
    return Capacity(
        name=names[0], channels=_list(fields["channels"]), actions=_list(fields.get("actions", "")),
        max=int(fields["max"]), days=float(fields["days"]), place=_PLACE,
    )  # fmt: skip


def _suppression(names: list[str], fields: dict[str, str], _: list[str]) -> Suppression:
    return Suppression(
        name=names[0], actions=_list(fields.get("actions", "")), offerings=_list(fields.get("offerings", "")),
        purposes=_list(fields.get("purposes", "")), season=_season(fields["days"]) if "days" in fields else ALWAYS,
        when=None, for_all=True, because=fields["because"], place=_PLACE,
    )  # fmt: skip


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
        elif name in (
            "channels",
            "actions",
            "stopped_actions",
            "stopped_channels",
            "heard_by",
            "full_capacities",
        ):
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

"""Do the mission's stories come true in this market? Each is found in built tables, then decided for real.

A story is found by a query that names preconditions only (never a decision); households of the control group are
left out, since nobody advertises to them. It is true when at least one household is found and the first of them by
id gets the story's action, for the story's recipient, through one of its channels, for its reason.
Decisions are made by the same functions as the commands use, and recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import duckdb

from hogar.build import Work
from hogar.decide import control_group
from hogar.runtime import campaigns, live_state, triggers
from hogar.runtime.engine import Engine
from hogar.runtime.explain import DecisionExplained, ProposalExplained, explain_decision
from hogar.runtime.inbound import InboundRequest, decide_inbound
from hogar.stores import events, warehouse
from hogar.stores.moment import to_micros
from hogar.telco.events import Event

DECISIONS_MAX = 10_000
RESOLVED = ("party_person", "membership", "line_user", "role", "adviser")
COMPUTED = {
    "household": "feature_household",
    "person": "feature_person",
    "line": "feature_line",
    "offers": "feature_offer",
}


@dataclass(frozen=True, kw_only=True)
class Found:
    """One household for which a story's preconditions hold: who should hear of it, about which line."""

    household: str
    person: str
    line: str | None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Told:
    """How a story went: households found, whether the first passed, and in words what came of it."""

    name: str
    title: str
    found: int
    passed: bool
    words: str
    decision: str | None = None
    explained: DecisionExplained | None = None


class Tables:
    """The built tables as views on one connection, with the names that the story queries use."""

    def __init__(self, work: Work) -> None:
        self.con = warehouse.connect()
        warehouse.canonical(self.con, work.current("ingest"), gated=True)
        self._now = work.now.replace(tzinfo=None)
        resolved, computed = work.current("resolve"), work.current("features")
        for name in RESOLVED:
            self._view(name, resolved / f"{name}.parquet")
        self._view("resolved_household", resolved / "household.parquet")
        for name, view in COMPUTED.items():
            self._view(view, computed / f"{name}.parquet")
        self.query("allowed")

    def _view(self, name: str, path: Any) -> None:
        self.con.read_parquet(warehouse.plain_path(path)).create_view(name)

    def query(self, name: str) -> duckdb.DuckDBPyConnection:
        """Run one of the story queries."""
        text = (resources.files("hogar.cli") / "story_sql" / f"{name}.sql").read_text(encoding="utf-8")
        return self.con.execute(text, {"now": self._now} if "$now" in text else None)

    def found(self, name: str, engine: Engine) -> list[Found]:
        """The households for which a story's preconditions hold, by id, outside the control group."""
        cursor = self.query(name)
        columns = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        anchors = dict(self.con.execute("select household_id, anchor from resolved_household").fetchall())
        policies = engine.live().kernel.strategy.policies
        control = control_group(
            [anchors[row["household_id"]] for row in rows],
            salt=policies.control_salt, permille=policies.control_permille,
        )  # fmt: skip
        return [
            Found(
                household=row["household_id"], person=row["person_id"], line=row["line_id"],
                facts={name: value for name, value in row.items() if not name.endswith("_id")},
            )
            for row, out in zip(rows, control.tolist(), strict=True)
            if not out
        ]  # fmt: skip


def tell(work: Work, engine: Engine) -> list[Told]:
    """The four stories of the mission, in order."""
    tables = Tables(work)
    return [story(tables, engine) for story in (_roaming, _family, _renewal, _joint_spend)]


def _roaming(tables: Tables, engine: Engine) -> Told:
    """(a) Triggered: on landing abroad the 2 GB bundle for the length of the stay, with the saving."""
    found = tables.found("roaming_bundle", engine)
    decision = None
    if found:
        first = found[0]
        assert first.line is not None
        now = engine.clock()
        event = Event(
            id=f"story-{to_micros(now)}-{first.line}", source="/hogar/story", type="com.acme.roaming.v1.arrived",
            time=now.isoformat(), subject=first.line,
            data={"country": "US", "stay_days": float(first.facts["trip_days_usual"])},
        )  # fmt: skip
        live_state.append(engine, [event], now)
        triggers.consume(engine)
        effect = events.effect(engine.ledger, event.source, event.id, "trigger:roaming_arrived")
        decision = effect[1] if effect is not None else None
    stay = found[0].facts["trip_days_usual"] if found else 0
    bundle = (
        "roaming_2gb_week" if stay <= 7 else "roaming_2gb_fortnight" if stay <= 14 else "roaming_2gb_month"
    )
    return _judged(
        "roaming_bundle", "on landing abroad, 2 GB for the length of the stay", engine, found, decision,
        lambda p, f: p.action == bundle and p.recipient == f.person and p.subject == f.line
        and p.channel in ("sms", "push") and "less than paying per use" in p.reason,
    )  # fmt: skip


def _family(tables: Tables, engine: Engine) -> Told:
    """(b) Inbound: the payer who looks at plans sees the family plan, since some lines overflow and others lie idle."""
    found = tables.found("family_plan", engine)
    decision = None
    if found:
        answer = decide_inbound(engine, InboundRequest(channel="web", person=found[0].person, reason="plans"))
        decision = answer.decision
    plan = "family_plan" if found and found[0].facts["mobile_lines"] >= 4 else "family_plan_3"
    return _judged(
        "family_plan", "the family plan for the parent who reviews the plans", engine, found, decision,
        lambda p, f: p.action == plan and p.recipient == f.person and p.subject == f.household
        and p.channel == "web" and "the same use costs" in p.reason,
    )  # fmt: skip


def _renewal(tables: Tables, engine: Engine) -> Told:
    """(c) Campaign: the renewal with the new phone for the line's user who looked at phones."""
    found = tables.found("renewal_handset", engine)
    decision = _planned(engine, "renewals", found[0].household) if found else None
    return _judged(
        "renewal_handset", "the renewal with the new phone, commitment nearly over", engine, found, decision,
        lambda p, f: p.action == "renewal_handset" and p.recipient == f.person and p.subject == f.line
        and p.channel in ("sms", "email") and "the commitment nearly over" in p.reason,
    )  # fmt: skip


def _joint_spend(tables: Tables, engine: Engine) -> Told:
    """(d) Household: the plan that only their joint spend justifies, to the payer, to be passed on to the adviser."""
    found = tables.found("joint_spend_plan", engine)
    decision = _planned(engine, "convergence", found[0].household) if found else None
    return _judged(
        "joint_spend_plan", "internet, two mobile lines and TV, which only their joint spend justifies", engine,
        found, decision,
        lambda p, f: p.action == "home_plan_tv" and p.recipient == f.person and p.subject == f.household
        and p.channel in ("sms", "email") and p.pass_on and "within what the home spends" in p.reason,
    )  # fmt: skip


def _planned(engine: Engine, campaign: str, household: str) -> str | None:
    """The decision that a plan of the campaign makes for one household; None where there is no such campaign."""
    if campaign not in {one.name for one in engine.live().kernel.strategy.campaigns}:
        return None
    campaigns.plan(engine, campaign)
    for decision in engine.ledger.decisions_of_household(household, 10):
        if explain_decision(engine, decision).asked.get("context.campaign") == campaign:
            return decision
    return None


def _judged(
    name: str,
    title: str,
    engine: Engine,
    found: Sequence[Found],
    decision: str | None,
    holds: Callable[[ProposalExplained, Found], bool],
) -> Told:
    """Whether the first proposal of the decision is the story's."""
    if decision is None:
        words = "no household of this market meets the preconditions" if not found else "nothing was decided"
        return Told(name=name, title=title, found=len(found), passed=False, words=words)
    explained = explain_decision(engine, decision)
    if not explained.proposals:
        return Told(
            name=name,
            title=title,
            found=len(found),
            passed=False,
            words="silence",
            decision=decision,
            explained=explained,
        )
    first = explained.proposals[0]
    words = f"{first.name} to {first.recipient} by {first.channel}: {first.reason}"
    return Told(
        name=name, title=title, found=len(found), passed=holds(first, found[0]), words=words, decision=decision,
        explained=explained,
    )  # fmt: skip


def never_offered(work: Work, engine: Engine) -> list[Told]:
    """Nothing owned or ordered, nothing above the spend band, in any of the ledger's latest decisions."""
    tables = Tables(work)
    offered: set[tuple[str, str, str]] = set()
    fell: dict[str, set[tuple[str, str, str]]] = {"owned": set(), "ordered": set(), "spend_band": set()}
    offering = {action.key: action.offering for action in engine.live().kernel.strategy.actions}
    ids = engine.ledger.decision_ids(limit=DECISIONS_MAX)
    for decision in ids:
        explained = explain_decision(engine, decision)
        offered |= {(p.scope, p.subject, offering[p.action] or "") for p in explained.proposals}
        for exclusion in explained.excluded:
            if exclusion.reason in fell:
                fell[exclusion.reason].add(
                    (exclusion.scope, exclusion.subject, offering[exclusion.action] or "")
                )
    told = []
    for name, title, query, reasons in (
        (
            "never_owned",
            "what is owned or ordered is never offered",
            "owned_or_ordered",
            ("owned", "ordered"),
        ),
        (
            "never_above_spend",
            "what is above the spend band is never offered",
            "above_spend_band",
            ("spend_band",),
        ),
    ):
        rows = {(str(a), str(b), str(c)) for a, b, c in tables.query(query).fetchall()}
        excluded = len(set().union(*(fell[reason] for reason in reasons)) & rows)
        wrong = sorted(offered & rows)
        told.append(
            Told(
                name=name, title=title, found=excluded, passed=excluded > 0 and not wrong,
                words=f"in {len(ids):,} decisions offered {len(wrong)} times, kept back {excluded:,} times",
            )
        )  # fmt: skip
    return told

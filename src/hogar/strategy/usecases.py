"""What is each part of the strategy for, and when may it start? Use cases from `strategy/usecases/*.yml`.

A use case names actions, campaigns and triggers, and the gates that its data must pass; what data it needs follows
from what those ask. It decides nothing: it is no part of the strategy's name, and a published strategy has none.
Pure; after: `build.readiness` holds the gates against the data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import cast

from hogar.errors import Place, Problem, did_you_mean
from hogar.expr import Expression
from hogar.strategy import leaves
from hogar.strategy.documents import Document, Node, read
from hogar.strategy.expressions import Parser
from hogar.strategy.fields import Fields
from hogar.strategy.layout import USECASES
from hogar.strategy.names import ACTION_FACTS, Allowed, vocabulary
from hogar.strategy.shapes import (
    EXPRESSION,
    HELP,
    PROBABILITY,
    TEXT,
    Field,
    Listed,
    Named,
    names_of,
    number,
    one_of,
    some_of,
    table,
    whole,
)  # fmt: skip
from hogar.strategy.types import Strategy
from hogar.strategy.without import stopped_by
from hogar.telco.catalogue import ENTITIES, Catalogue, Entity
from hogar.telco.channels import CHANNELS
from hogar.telco.tables import BY_NAME

COVERAGE_MIN = 0.8
"""The share of subjects of whom something must be known, where a use case does not say another."""
WAVES_MAX = 100
HOURS_MAX = 24 * 366 * 10
_HELD = "features, scores, canonical tables or columns"
GATES = table(
    Field("coverage", PROBABILITY, "the share of subjects of whom everything that is asked must be known"),
    Field("each", Named(value=PROBABILITY), f"another share for single ones: {_HELD}"),
    Field("fresh_hours", number(1, HOURS_MAX), "how old the newest row of each source may be"),
)
FALLBACK = table(
    Field("without", Listed(item=TEXT, items_min=1), f"what it can run without: {_HELD}", required=True),
    Field("actions", names_of("action"), "the actions that run meanwhile; without it: all"),
    Field("because", TEXT, "why that is right", required=True),
)
USECASE = table(
    Field("name", TEXT, "what people call it", required=True),
    Field("goal", TEXT, "what it is for, in one sentence", required=True),
    Field("owner", TEXT, "who answers for it", required=True),
    Field("wave", whole(1, WAVES_MAX), "in which wave it starts"),
    Field("share", PROBABILITY, "of the base, the share that it starts with"),
    Field("channels", some_of(CHANNELS), "the channels that it speaks through"),
    Field("actions", names_of("action"), "its actions, beside those of its campaigns and triggers"),
    Field("campaigns", names_of("campaign"), "its campaigns"),
    Field("triggers", names_of("trigger"), "its triggers"),
    Field("scope", one_of(ENTITIES), "whom it is about; without it: whom its first action is about"),
    Field("among", EXPRESSION, "of which of them something must be known; without it: of all"),
    Field("needs", Listed(item=TEXT), f"what no action of it asks for yet: {_HELD}"),
    Field("gates", GATES, "what its data must pass"),
    Field("fallback", FALLBACK, "how it runs before all of that is there"),
    HELP,
    help="what a part of the strategy is for, and when it may start: one file a use case",
)


@dataclass(frozen=True, kw_only=True)
class Gates:
    """What the data must pass: the share known (of all needs, and of single ones), the age of the newest rows."""

    coverage: float = COVERAGE_MIN
    each: Mapping[str, float]
    fresh_hours: float | None = None

    def coverage_of(self, name: str) -> float:
        """The share of subjects of whom this must be known."""
        return self.each.get(name, self.coverage)


@dataclass(frozen=True, kw_only=True)
class Fallback:
    """How it runs in the meantime: without these features or tables, with these actions only, and why that is right."""

    without: tuple[str, ...]
    actions: tuple[str, ...]
    because: str


@dataclass(frozen=True, kw_only=True)
class UseCase:
    """One use case. `actions` are those that it names and those that its campaigns and triggers lead to.

    `among` says of which subjects (of `scope`) something must be known; None: of all. `needs` are features, canonical
    tables or columns that no action of it asks for yet.
    """

    key: str
    name: str
    goal: str
    owner: str
    wave: int
    share: float
    channels: tuple[str, ...]
    actions: tuple[str, ...]
    campaigns: tuple[str, ...]
    triggers: tuple[str, ...]
    scope: Entity
    among: Expression | None
    needs: tuple[str, ...]
    gates: Gates
    fallback: Fallback | None
    place: Place


def read_usecases(
    texts: Mapping[str, str | bytes], strategy: Strategy, catalogue: Catalogue
) -> tuple[tuple[UseCase, ...], list[Problem]]:
    """The use cases of a project in the order of their files, and everything that is wrong in them."""
    parser = Parser(vocabulary(catalogue, None, {}))
    found: list[UseCase] = []
    problems: list[Problem] = []
    for path in sorted(texts):
        pure = PurePosixPath(path)
        if pure.parts[:2] != ("strategy", USECASES):
            continue
        document = read(path, texts[path])
        if pure.suffix != ".yml" or len(pure.parts) != 3:
            document.problem(document.start, "is not read", f"strategy/{USECASES}/ holds `.yml` files only")
        elif document.root is not None:
            found.append(_usecase(document, pure.stem, strategy, catalogue, parser))
        problems += document.problems
    return tuple(found), sorted(set(problems))


def _usecase(
    document: Document, key: str, strategy: Strategy, catalogue: Catalogue, parser: Parser
) -> UseCase:
    owner = f"use case `{key}`"
    fields = Fields(document, document.root, owner, USECASE)
    actions = {action.key: action for action in strategy.actions}
    campaigns = {one.name: one for one in strategy.campaigns}
    triggers = {one.name: one for one in strategy.triggers}
    chosen = fields.choices("campaigns", "a campaign", tuple(campaigns))
    started = fields.choices("triggers", "a trigger", tuple(triggers))
    named = dict.fromkeys(
        [
            *fields.choices("actions", "an action", tuple(actions)),
            *(action for one in chosen for action in campaigns[one].actions),
            *(action for one in started for action in triggers[one].actions),
        ]
    )
    scope = actions[next(iter(named))].scope if named else "line"
    scope = cast(Entity, fields.choice("scope", "a scope", ENTITIES, scope))
    needs = _needs(document, fields.elements("needs"), catalogue)
    if not named and not needs:
        document.problem(
            fields.place, f"{owner} names neither actions nor needs", "name what it is to do: `actions:`"
        )
    among = fields.node("among")
    return UseCase(
        key=key, name=fields.text("name", key), goal=" ".join(fields.text("goal").split()), owner=fields.text("owner"),
        wave=fields.whole("wave", 1),
        share=fields.number("share", 1.0),
        channels=fields.choices("channels", "a channel", CHANNELS), actions=tuple(named), campaigns=chosen,
        triggers=started, scope=scope, needs=needs, place=document.start,
        among=None if among is None
        else parser.expression(document, among, "boolean", Allowed(owner=owner, scope=scope)),
        gates=_gates(document, fields.node("gates"), catalogue),
        fallback=_fallback(document, fields.node("fallback"), strategy, catalogue, tuple(named)),
    )  # fmt: skip


def _gates(document: Document, node: Node | None, catalogue: Catalogue) -> Gates:
    fields = Fields(document, node, "`gates`", GATES)
    each: dict[str, float] = {}
    for name, value in fields.entries("each"):
        _known_name(document, name, name.value, catalogue)
        share = leaves.number(document, value, f"`{name.value}`", at_least=0, at_most=1)
        each |= {} if share is None else {name.value: share}
    return Gates(
        coverage=fields.number("coverage", COVERAGE_MIN), each=each,
        fresh_hours=fields.number("fresh_hours", 0.0) or None,
    )  # fmt: skip


def _fallback(
    document: Document, node: Node | None, strategy: Strategy, catalogue: Catalogue, actions: Sequence[str]
) -> Fallback | None:
    if node is None:
        return None
    fields = Fields(document, node, "`fallback`", FALLBACK)
    without = _needs(document, fields.elements("without"), catalogue)
    chosen = fields.choices("actions", "an action of this use case", tuple(actions), tuple(actions))
    lost = frozenset(name for name in without if name in catalogue.features or name in ACTION_FACTS)
    for action in strategy.actions:
        why = stopped_by(action, lost) if action.key in chosen else ""
        if why:
            document.problem(
                fields.at("actions"),
                f"`{action.key}` cannot run without that: {why}",
                "leave it out of the fallback",
            )
    return Fallback(without=without, actions=chosen, because=" ".join(fields.text("because").split()))


def _needs(document: Document, nodes: Iterable[Node], catalogue: Catalogue) -> tuple[str, ...]:
    names = []
    for node in nodes:
        name = getattr(node, "value", "")
        if _known_name(document, node, name, catalogue):
            names.append(name)
    return tuple(names)


def _known_name(document: Document, node: Node, name: str, catalogue: Catalogue) -> bool:
    """Whether a name is a feature, a score, a fact of an offering, a canonical table or column; else a problem."""
    table, _, column = name.partition(".")
    columns = BY_NAME[table].by_name if table in BY_NAME else {}
    if name in catalogue.features or name in ACTION_FACTS or name in BY_NAME or column in columns:
        return True
    known = [*catalogue.features, *BY_NAME, *(f"{table}.{one}" for one in columns)]
    cure = (
        did_you_mean(name, known)
        or "docs/tables.md names the tables, `hogar features --describe` the features"
    )
    document.problem(node, f"`{name}` is neither a feature nor a canonical table or column", cure)
    return False

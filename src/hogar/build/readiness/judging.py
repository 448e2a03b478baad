"""Which use cases can start with the data there is? Needs by lineage, held against what the last build knew.

Reads the project's files and, where it has been built, the finished steps; returns for each use case what is there,
thin, stale or missing, who owns it, what would still run, and what the next source would add. Works before a build
too: then it says what cannot be known yet. Neighbours: `needs`, `subjects`, `next`; `report` has the values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hogar import sources, strategy
from hogar.build.catalogue import Described, describe
from hogar.build.publish import known_offers
from hogar.build.readiness.needs import Need, needs_of
from hogar.build.readiness.next import next_sources
from hogar.build.readiness.report import GOOD, Judged, NeedState, Readiness, Ready, State
from hogar.build.readiness.subjects import Asked, Built
from hogar.build.work import Work
from hogar.errors import ProblemsFound
from hogar.strategy.types import Strategy
from hogar.strategy.usecases import Gates, UseCase, read_usecases
from hogar.strategy.without import stopped_by
from hogar.telco.catalogue import Catalogue


@dataclass(frozen=True, kw_only=True)
class _Data:
    """What is there: the cards, the offers, the finished steps, the rows of canonical tables before any gate."""

    described: Described
    offers: dict[str, str] | None
    built: Built | None
    rows: Mapping[str, int] | None


def readiness(work: Work) -> Readiness:
    """How ready each use case of a project is. Raises `ProblemsFound` where files of the project are broken."""
    ingested, resolved = work.state.current("ingest"), work.state.current("resolve")
    computed, trained = work.state.current("features"), work.state.current("train")
    described = describe(work.project, data=work.state.data, silos=work.silos, built=computed, now=work.now)
    report = sources.load_report(ingested) if ingested is not None else None
    known = resolved is not None and computed is not None and described.known is not None
    data = _Data(
        described=described,
        offers=known_offers(ingested) if ingested is not None else None,
        built=Built(resolved, computed, trained) if known and resolved and computed else None,
        rows=report.tables if report is not None else None,
    )
    catalogue = Catalogue.of([card.feature for card in described.cards.values()])
    texts = work.texts("strategy")
    decisive: dict[str, str | bytes] = {path: text for path, text in texts.items() if strategy.decides(path)}
    compiled = _compiled(decisive, catalogue, data.offers)
    usecases, problems = read_usecases(texts, compiled, catalogue)
    if problems:
        raise ProblemsFound(problems)
    judged = tuple(_ready(one, compiled, data) for one in usecases)
    return Readiness(
        as_of=described.known.as_of if described.known is not None else None,
        use_cases=judged,
        next=next_sources(judged),
        unread=tuple(file.file for file in report.files if not file.mapped) if report is not None else (),
        unoffered=_unoffered(compiled, data.offers),
        cannot_know=() if data.built is not None else ("coverage", "age", "rows"),
    )


def _compiled(
    texts: Mapping[str, str | bytes], catalogue: Catalogue, offers: dict[str, str] | None
) -> Strategy:
    """The strategy, though some of its actions name offers that are not there: readiness says which, and goes on."""
    try:
        return strategy.compile(texts, catalogue, offers)
    except ProblemsFound:
        return strategy.compile(texts, catalogue)


def _unoffered(compiled: Strategy, offers: dict[str, str] | None) -> dict[str, str]:
    """The actions whose offering is no offer of the ingested catalogue."""
    return {
        action.key: action.offering for action in compiled.actions
        if offers is not None and action.offering is not None and action.offering not in offers
    }  # fmt: skip


def _ready(usecase: UseCase, compiled: Strategy, data: _Data) -> Ready:
    needs = needs_of(usecase, compiled, data.described, data.offers)
    who = None
    if data.built is not None:
        who = Asked(built=data.built, scope=usecase.scope, among=usecase.among, needs=needs)
    judged = tuple(_judge(need, usecase.gates, data, who) for need in needs)
    bad = [one for one in judged if one.state not in GOOD]
    stopped = {
        action.key: why
        for action in compiled.actions
        if action.key in usecase.actions
        and (why := stopped_by(action, frozenset(one.name for one in bad if action.key in one.used_by)))
    }
    still_runs = tuple(key for key in usecase.actions if key not in stopped)
    return Ready(
        key=usecase.key, name=usecase.name, goal=usecase.goal, owner=usecase.owner, wave=usecase.wave,
        share=usecase.share, channels=usecase.channels, state=_state(usecase, bad, still_runs, data.built),
        subjects=None if who is None else who.count, actions=usecase.actions, still_runs=still_runs, stopped=stopped,
        fallback=usecase.fallback.because if usecase.fallback is not None else "", needs=judged,
    )  # fmt: skip


def _state(usecase: UseCase, bad: Sequence[Judged], still_runs: Sequence[str], built: Built | None) -> State:
    if not bad:
        return "not_known" if built is None else "ready"
    fallback = usecase.fallback
    if fallback is None or not fallback.actions or not set(fallback.actions) <= set(still_runs):
        return "not_ready"
    covered = all(one.name in fallback.without or set(one.because_of) <= set(fallback.without) for one in bad)
    return "ready_with_fallback" if covered else "not_ready"


def _judge(need: Need, gates: Gates, data: _Data, who: Asked | None) -> Judged:
    count, known = _counts(need, data.described, who)
    coverage = None if count is None or known is None else round(known / count, 4) if count else 0.0
    gate = None if need.kind == "event" else gates.coverage_of(need.name)
    fresh = min(
        (hours for hours in (need.freshness_hours, gates.fresh_hours) if hours is not None), default=None
    )
    ages = {table: age for table in need.tables if (age := data.described.age_hours(table)) is not None}
    lacking = [table for table in need.tables if _lacking(table, data)]
    old = [table for table, age in ages.items() if fresh is not None and age > fresh]
    thin = coverage is not None and gate is not None and coverage < gate
    unknown = who is None or need.kind == "event" or (need.kind == "feature" and known is None)
    state: NeedState = (
        "missing" if lacking else "stale" if old else "thin" if thin else "not_known" if unknown else "met"
    )
    return Judged(
        name=need.name, kind=need.kind, offering=need.offering, owner=need.owner, state=state, used_by=need.used_by,
        tables=need.tables, consent=need.gates, lacks=(*lacking, *_columns_lacking(need, data.described, lacking)),
        subjects=count, known=known, coverage=coverage, gate=gate, age_hours=max(ages.values(), default=None),
        fresh_hours=fresh, because_of=tuple(lacking or old or (need.gates or need.tables if thin else ())),
    )  # fmt: skip


def _counts(need: Need, described: Described, who: Asked | None) -> tuple[int | None, int | None]:
    """Of how many subjects a need is asked, and of how many it is known; of nobody in particular its rows."""
    if described.known is None or who is None or need.kind == "event":
        return None, None
    if (among := who.known(need)) is not None:
        return who.count, among
    if need.kind == "column":
        table = described.known.tables.get(need.tables[0])
        if table is None:
            return None, None
        if table.of:
            return table.of, table.subjects
        return table.rows, min(table.columns.get(name.partition(".")[2], 0) for name in need.lineage.value)
    of = described.known.features.get(need.name)
    return (None, None) if of is None else (of.of, of.known)


def _lacking(table: str, data: _Data) -> bool:
    """Whether no source fills a table, or no row of the silos came through; what a gate hides is there."""
    return table not in data.described.mapped or (data.rows is not None and not data.rows.get(table))


def _columns_lacking(need: Need, described: Described, lacking: Sequence[str]) -> list[str]:
    """The columns behind a need that a source which fills their table does not give."""
    found = []
    for name in need.lineage.value:
        table, _, column = name.partition(".")
        if (
            table in described.mapped
            and table not in lacking
            and column not in described.mapped[table].columns
        ):
            found.append(name)
    return found

"""What did the draft find, and what is missing for what? SOURCES.md of a drafted project, for who maps the rest.

Takes what was found; returns text. Names files, columns, patterns and shares, never a value. Before: `sql`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hogar import strategy
from hogar.build.catalogue import describe
from hogar.build.drafting.match import SURE, Feed, nearest
from hogar.build.drafting.profile import Column, Extract, Reference
from hogar.build.drafting.spelling import code, heading, prose
from hogar.build.drafting.sql import HEADERLESS, Drafted
from hogar.build.readiness import about, needs_of
from hogar.errors import Place
from hogar.strategy.types import Strategy
from hogar.strategy.usecases import Gates, UseCase, read_usecases
from hogar.telco.catalogue import Catalogue
from hogar.telco.tables import TABLES

SHOWN_MAX = 12


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A canonical table that no extract feeds: whose it is, and which features, actions and use cases ask it."""

    table: str
    owner: str
    features: tuple[str, ...]
    actions: tuple[str, ...]
    use_cases: tuple[str, ...]


def missing_tables(texts: Mapping[str, bytes], drafted: Iterable[str]) -> tuple[Missing, ...]:
    """The tables without a source, those that most hangs on first; by the lineage of the project in `texts`."""
    without = [table for table in TABLES if table.name not in set(drafted)]
    with tempfile.TemporaryDirectory() as name:
        project = Path(name)
        for path, content in texts.items():
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            (project / path).write_bytes(content)
        described = describe(project)
    catalogue = Catalogue.of([card.feature for card in described.cards.values()])
    decisive = {path: text for path, text in texts.items() if strategy.decides(path)}
    compiled = strategy.compile(decisive, catalogue)
    usecases, _ = read_usecases(texts, compiled, catalogue)
    asked = {one.key: needs_of(one, compiled, described, None) for one in usecases}
    of_actions = needs_of(_everything(compiled), compiled, described, None)
    found = []
    for table in without:
        cases = [key for key, every in asked.items() if any(table.name in need.tables for need in every)]
        actions = {key for need in of_actions if table.name in need.tables for key in need.used_by}
        found.append(
            Missing(
                table=table.name, owner=table.owner,
                features=tuple(n for n, card in described.cards.items() if table.name in about(card.lineage)),
                actions=tuple(sorted(actions)), use_cases=tuple(sorted(cases)),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-len(one.use_cases), -len(one.features), one.table)))


def _everything(compiled: Strategy) -> UseCase:
    """All actions as one use case: what they ask is asked, whether a use case names them or not."""
    return UseCase(
        key="", name="", goal="", owner="", wave=1, share=1.0, channels=(), campaigns=(),
        actions=tuple(one.key for one in compiled.actions), triggers=tuple(one.name for one in compiled.triggers),
        scope="line", among=None, needs=(), gates=Gates(each={}), fallback=None, place=Place(file=""),
    )  # fmt: skip


def report(
    extracts: Sequence[Extract],
    references: Sequence[Reference],
    feeds: Sequence[Feed],
    sources: Sequence[Drafted],
    missing: Sequence[Missing],
) -> str:
    """The page: what each file feeds, what wants a look, what points where, what is missing."""
    checks = [check for one in sources for check in one.checks]
    mapped = sum(match.column is not None for feed in feeds for match in feed.matches)
    lines = [
        "# Sources, as drafted",
        "",
        f"{len(extracts)} files were looked at; {len(sources)} canonical tables are drafted, "
        f"{mapped} columns mapped; {len(checks)} places want a look.",
        "Run `hogar ingest`: its quarantine says which rows do not fit, with their reasons.",
        "Moments without an offset are taken for UTC; write `timezone('Europe/Madrid', ...)` where they are local.",
        "",
        "## What wants a look",
        "",
        *([f"- {prose(check)}" for check in checks] or ["Nothing."]),
        "",
        "## What is missing",
        "",
        "Actions and use cases are those of the samples: they show what a table is good for.",
        "",
        "| table | owner | features about it | actions that ask it | use cases |",
        "|---|---|---|---|---|",
        *(
            f"| `{one.table}` | {one.owner} | {_few(one.features)} | {_few(one.actions)} | {_few(one.use_cases)} |"
            for one in missing
        ),
    ]
    for extract in extracts:
        lines += ["", f"## {heading(extract.file)}", "", *_file(extract, feeds, references)]
    return "\n".join(lines) + "\n"


def _file(extract: Extract, feeds: Sequence[Feed], references: Sequence[Reference]) -> list[str]:
    if extract.fault:
        return [f"It cannot be read: {prose(extract.fault)}."]
    fed = [feed for feed in feeds if feed.extract.silo == extract.silo]
    tables = ", ".join(f"`{feed.table.name}` ({feed.score:.2f})" for feed in fed) or "no table"
    rows = f"{extract.rows:,} rows" if extract.whole else f"the first {extract.rows:,} rows"
    lines = [
        f"Staged as `{extract.silo}`, {extract.settings.encoding}; {rows} looked at; feeds {tables}.",
        *_nearest(extract, fed),
        *(["", f"CHECK: {HEADERLESS}."] if not extract.settings.header else []),
        "",
        "| column | looks like | known | different | points at | feeds |",
        "|---|---|---|---|---|---|",
    ]
    for column in extract.columns:
        points = [
            f"{100 * one.share:.0f} % of {code(f'{one.other_silo}.{one.other_column}')}" for one in references
            if (one.silo, one.column) == (extract.silo, column.name)
        ]  # fmt: skip
        ours = [
            f"`{feed.table.name}.{match.ours.name}`" + ("" if match.score >= SURE else f" ({match.score:.2f}, a guess)")
            for feed in fed for match in feed.matches if match.column is not None and match.column.name == column.name
        ]  # fmt: skip
        share = column.known / column.rows if column.rows else 0.0
        lines.append(
            f"| {code(column.name)} | {_looks(column)} | {100 * share:.0f} % | {column.distinct:,} | "
            f"{', '.join(points[:3])} | {', '.join(ours)} |"
        )
    return lines


def _nearest(extract: Extract, fed: Sequence[Feed]) -> list[str]:
    """Of a file that feeds nothing the tables that it comes nearest to, and what it lacks for each."""
    if fed or not (near := nearest(extract)):
        return []
    said = "; ".join(
        f"`{one.table}` ({one.score:.2f}" + (f", lacks {', '.join(one.lacks)})" if one.lacks else ")")
        for one in near
    )
    return ["", f"Nothing is drafted from it: it is not clear what it is. Nearest: {said}."]


def _looks(column: Column) -> str:
    words = column.pattern.replace("_", " ") or "empty"
    if column.format:
        words += f" {column.format}"
    return f"{words}, a key" if column.unique and column.is_code else words


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:SHOWN_MAX])
    return shown + (f" and {len(names) - SHOWN_MAX} more" if len(names) > SHOWN_MAX else "")

"""Do the sources fit the staged tables? Every missing file and unknown column of all of them at once.

Takes sources and what was staged; gives problems, each with its place and a cure. Before: `staging`. After:
`ingest` runs the sources where there is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

from hogar.errors import Place, Problem, did_you_mean
from hogar.sources.mapping import Source, output_problems, parse_position, reads
from hogar.sources.names import unknown_columns
from hogar.sources.silos import Silo
from hogar.sources.staging import Staged


def unfit(
    con: duckdb.DuckDBPyConnection, sources: Sequence[Source], silos: Sequence[Silo], staged: Staged
) -> list[Problem]:
    """Where sources and staged tables do not fit: missing files, unknown columns, what DuckDB cannot bind."""
    problems: list[Problem] = []
    known = {silo.name for silo in silos}
    for source in sources:
        if not source.tree.is_star:
            problems.extend(output_problems(source, source.tree.named_selects))
        named = dict(reads(source))
        missing = [_missing(name, place, sorted(known)) for name, place in named.items() if name not in known]
        problems.extend(missing)
        if missing or not named.keys() <= staged.columns.keys():
            continue  # a silo that it reads has a problem of its own
        unknown = list(unknown_columns(source, staged.columns))
        problems.extend(unknown)
        try:
            columns = con.sql(source.text).columns
        except duckdb.Error as error:
            if not unknown:
                problems.append(_unbound(source, error))
        else:
            problems.extend(output_problems(source, columns) if source.tree.is_star else ())
    return problems


def _missing(name: str, place: Place, known: Sequence[str]) -> Problem:
    near = did_you_mean(name, known)
    cure = f"put {name}.csv into the data folder or change [silos.{name}] in hogar.toml"
    return Problem(
        place=place,
        what=f"reads {name}, but no file is staged under this name",
        cure=f"{near} Or {cure}" if near.startswith("did") else cure,
    )


def _unbound(source: Source, error: duckdb.Error) -> Problem:
    line, column, what = parse_position(str(error))
    named = re.search(r'"([^"]+)"| with name (\w+)', what)
    at = re.search(rf"\b{re.escape(named[1] or named[2])}\b", source.text) if named else None
    place = source.at(at.start()) if at else Place(file=source.file, line=line, column=column)
    return Problem(place=place, what=what, cure="the SELECT must run over the staged tables")

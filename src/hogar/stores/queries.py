"""Which SQL do we run? Hand-written queries, read from the `.sql` files beside this one, each by its name.

A query starts with `-- name: contacts_of_parties`, then a comment line of purpose, then the statement.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_HEAD = re.compile(r"^-- name: (\w+)\n(?=-- \S)", re.MULTILINE)


@cache
def queries(file: str) -> Mapping[str, str]:
    """All queries of `sql/<file>.sql` by name. A query without a purpose line is not found by its name.

    >>> queries("ledger")["pointers"].splitlines()[0]
    '-- What is live now: the strategy, the profile version, the emergency stop.'
    """
    parts = _HEAD.split(_text(f"{file}.sql"))[1:]
    return MappingProxyType(dict(zip(parts[::2], (text.strip() for text in parts[1::2]), strict=True)))


def schema() -> str:
    """The whole schema as it is today, for a fresh ledger."""
    return _text("schema.sql")


def migrations() -> tuple[str, ...]:
    """Every migration since the first, in order: number n brings version n - 1 to version n."""
    folder = files("hogar.stores").joinpath("sql", "migrations")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1)), "migrations count from 0001"
    return tuple(folder.joinpath(name).read_text(encoding="utf-8") for name in names)


def _text(name: str) -> str:
    return files("hogar.stores").joinpath("sql", name).read_text(encoding="utf-8")

"""Who proposed, approved or rejected a strategy, and what is switched with it? All of one change in one transaction.

Reads and writes the ledger's strategies, reviews, pointers and audit. A switch says what it expects to be live: of
two who change at once one is told to look again, so that no change undoes another unseen. After: `engine`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from hogar.stores.ledger import Ledger, StrategyRow
from hogar.stores.queries import queries
from hogar.stores.stated_name import name_core

Verdict = Literal["proposed", "approved", "rejected"]

_SQL = queries("ledger")


class Author(msgspec.Struct, frozen=True):
    """Who does something, and when: the name that was stated, the account of the system it was done from, and the
    machine's clock then (microseconds), whatever moment the project calls now.

    None of them is a proof: there is no identity provider.

    >>> str(Author("Ana", "ops7")), str(Author("ops7", "ops7"))
    ('Ana (ops7)', 'ops7')
    """

    name: str
    login: str
    clock: int | None = None

    def __str__(self) -> str:
        return self.name if self.name == self.login else f"{self.name} ({self.login})"

    def is_same(self, other: Author) -> bool:
        """Whether both state the same name, however it is written; who states none is whoever used the account."""
        unnamed = self.name == self.login and self.login == other.login
        return unnamed or name_core(self.name) == name_core(other.name)


class Review(msgspec.Struct, frozen=True, array_like=True):
    """One word on a strategy; `base` is what was live when it was proposed, empty where nothing was."""

    strategy: str
    verdict: Verdict
    base: str
    at: int
    by: str
    login: str
    why: str
    clock: int | None = None

    @property
    def author(self) -> Author:
        """Whose word it is."""
        return Author(self.by, self.login, self.clock)


class KeptStrategy(msgspec.Struct, frozen=True, array_like=True):
    """A strategy of the ledger, without its texts."""

    hash: str
    at: int
    by: str
    why: str


class Move(msgspec.Struct, frozen=True, array_like=True):
    """One move of one pointer."""

    name: str
    value: str
    at: int
    by: str
    clock: int | None = None


def kept(ledger: Ledger) -> list[KeptStrategy]:
    """Every strategy that was ever kept, oldest first."""
    return [KeptStrategy(*row) for row in ledger.connection.execute(_SQL["strategies"])]


def reviews(ledger: Ledger) -> list[Review]:
    """Every word on a strategy, oldest first."""
    return [Review(*row) for row in ledger.connection.execute(_SQL["reviews"])]


def moves(ledger: Ledger) -> list[Move]:
    """Every move of every pointer, oldest first."""
    return [Move(*row) for row in ledger.connection.execute(_SQL["pointer_moves"])]


def switch(
    ledger: Ledger,
    *,
    author: Author,
    at: int,
    why: str,
    what: str,
    subject: str,
    pointers: Mapping[str, str] | None = None,
    expected: Mapping[str, str | None] | None = None,
    strategy: StrategyRow | None = None,
    review: Review | None = None,
) -> bool:
    """Keep a strategy, note a review, move pointers, and say so in the audit: all of it, or False and nothing.

    `expected` are values of pointers that this change was made from; another value by now means False.
    """
    with ledger.transaction() as connection:
        live = dict(connection.execute(_SQL["pointers"]))
        if any(live.get(name) != value for name, value in (expected or {}).items()):
            return False
        if strategy is not None:
            connection.execute(_SQL["strategy_add"], msgspec.structs.astuple(strategy))
        if review is not None:
            connection.execute(_SQL["review_add"], msgspec.structs.astuple(review))
        for name, value in (pointers or {}).items():
            if live.get(name) != value:
                connection.execute(_SQL["pointer_set"], (name, value, at, str(author)))
                connection.execute(_SQL["pointer_remember"], (name, value, at, str(author), author.clock))
        detail = _detail(live, pointers or {}, why)
        connection.execute(_SQL["audit_add"], (at, str(author), what, subject, detail, author.clock))
    return True


def _detail(live: Mapping[str, str], pointers: Mapping[str, str], why: str) -> str:
    moved = [
        f"{name} {live.get(name, 'nothing')} -> {value}"
        for name, value in pointers.items()
        if live.get(name) != value
    ]
    return "; ".join([*moved, why] if why else moved)

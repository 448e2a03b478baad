"""Who else has looked? A strategy waits as proposed until somebody approves or rejects it.

A strategy has two parts that change apart: the project's files, and what is set at run time. What is approved is the
change: the part that was changed goes live, beside the other as it is live by then. So an objective that was switched
meanwhile is not switched back by new texts; and what would undo somebody else's change is refused as stale.
Neighbours: `publishing` switches, `standing` lists.
"""

from __future__ import annotations

from collections.abc import Sequence

from hogar.errors import UsageError
from hogar.runtime.engine import Engine
from hogar.runtime.strategies.publishing import Ready, Switched, newest_fitting, row_of, switched
from hogar.runtime.strategies.rows import Parts, parts_of, row_with
from hogar.runtime.strategies.standing import Standing, find
from hogar.stores.ledger import Ledger, StrategyRow
from hogar.stores.moment import to_micros
from hogar.stores.reviews import Author, Review, Verdict, reviews, switch


class FourEyes(UsageError):
    """Who proposed a strategy does not approve it: somebody else looks."""


class Stale(UsageError):
    """What a proposed strategy would change has been changed since: propose it again."""


def propose(ledger: Ledger, row: StrategyRow, *, author: Author, why: str, at: int) -> bool:
    """Keep a compiled strategy as proposed; False where it waits already over what is live, or is what is live."""
    base = ledger.pointers().get("strategy", "")
    waits = waiting(ledger, row.hash)
    if row.hash == base or (waits is not None and waits.base == base):
        return False
    return switch(
        ledger, author=author, at=at, why=why, what="propose", subject=row.hash, strategy=row,
        review=Review(row.hash, "proposed", base, at, author.name, author.login, why, author.clock),
    )  # fmt: skip


def waiting(ledger: Ledger, hash_: str) -> Review | None:
    """The word by which a strategy was proposed and waits; None where it does not."""
    said = _said(ledger, hash_)
    return said[-1] if said and said[-1].verdict == "proposed" else None


def ended(waits: Review, author: Author, at: int, why: str, verdict: Verdict = "approved") -> Review:
    """The word that ends the wait."""
    return Review(waits.strategy, verdict, waits.base, at, author.name, author.login, why, author.clock)


def proposed(engine: Engine, prefix: str, *, author: Author, why: str) -> Ready:
    """What approving would make live now, bound and not switched: for a look before the word.

    Raises UsageError where it is not proposed, Stale, and ProblemsFound or DoesNotFit where it no longer works.
    """
    waits = _waits(engine, find(engine, prefix))
    return newest_fitting(engine, _merged(engine, waits, author=author, why=why))


def approve(engine: Engine, prefix: str, *, author: Author, why: str) -> Switched:
    """Make a proposed strategy live. Raises FourEyes where a second person is needed, and what `proposed` raises."""
    standing = find(engine, prefix)
    waits = _waits(engine, standing)
    proposers = [one.author for one in _said(engine.ledger, standing.hash) if one.verdict == "proposed"]
    if approvals_needed(engine, waits) > 1 and any(author.is_same(one) for one in proposers):
        raise FourEyes(
            f"`{author.name}` proposed {standing.hash[:12]}, and here that needs a second person: "
            "somebody else approves it, and states who: `--by NAME`"
        )
    pointers = engine.ledger.pointers()
    ready = proposed(engine, prefix, author=author, why=why)
    return switched(
        engine, ready, pointers, author=author, why=why, what="approve", subject=standing.hash,
        review=ended(waits, author, to_micros(engine.clock()), why),
    )  # fmt: skip


def reject(engine: Engine, prefix: str, *, author: Author, why: str) -> Standing:
    """Refuse a proposed strategy; it can be proposed again. Raises UsageError where it is not proposed."""
    waits = _waits(engine, find(engine, prefix))
    at = to_micros(engine.clock())
    switch(
        engine.ledger, author=author, at=at, why=why, what="reject", subject=waits.strategy,
        review=ended(waits, author, at, why, "rejected"),
    )  # fmt: skip
    return find(engine, waits.strategy)


def approvals_needed(engine: Engine, waits: Review) -> int:
    """How many people a proposed strategy needs: the more of what its parts need, as far as it changed them."""
    new, base = _parts(engine, waits.strategy), _parts(engine, waits.base)
    return max(
        engine.approvals if new.files != base.files else 1,
        engine.control_approvals if new.controls != base.controls else 1,
    )


def _said(ledger: Ledger, hash_: str) -> Sequence[Review]:
    return [review for review in reviews(ledger) if review.strategy == hash_]


def _waits(engine: Engine, standing: Standing) -> Review:
    found = waiting(engine.ledger, standing.hash)
    if found is None or standing.state == "live":
        raise UsageError(
            f"{standing.hash[:12]} is {standing.state}, not proposed; `hogar strategies` lists them"
        )
    return found


def _parts(engine: Engine, hash_: str) -> Parts:
    return parts_of(row_of(engine, hash_)) if hash_ else Parts()


def _merged(engine: Engine, waits: Review, *, author: Author, why: str) -> StrategyRow:
    """The part that a proposed strategy changed, beside the other as it is live by now."""
    row = row_of(engine, waits.strategy)
    new, base = _parts(engine, waits.strategy), _parts(engine, waits.base)
    live = _parts(engine, engine.ledger.pointers().get("strategy", ""))
    parts = (
        ("the files", base.files, new.files, live.files),
        ("what is set at run time", base.controls, new.controls, live.controls),
    )
    stale = [name for name, was, wanted, now in parts if was != wanted and now not in (was, wanted)]
    if stale:
        raise Stale(
            f"{row.hash[:12]} was proposed when other things were live: {' and '.join(stale)} changed since, and "
            "approving it would undo that; propose it again, `hogar diff` shows what it would change"
        )
    files = new.files if new.files != base.files else live.files
    controls = new.controls if new.controls != base.controls else live.controls
    if (files, controls) == (new.files, new.controls) or files is None:
        return row
    made = row_with(Parts(files=files, controls=controls), at=engine.clock(), by=str(author), why=why)
    return engine.ledger.strategy(made.hash) or made

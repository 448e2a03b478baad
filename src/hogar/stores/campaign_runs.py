"""How far did a campaign's run get? One row a run: everything up to its cursor is committed.

Reads and writes the table `campaign_run` of the ledger. Neighbours: `commit` writes the decisions of a run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import msgspec

from hogar.stores.ledger import Ledger
from hogar.stores.queries import queries

_SQL = queries("ledger")


class CampaignRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a campaign: everything up to household `cursor` is committed; `counts` so far."""

    id: str
    name: str
    started_at: int
    state: str
    cursor: str
    counts: Mapping[str, int]


def begin(ledger: Ledger, id_: str, name: str, at: int) -> CampaignRun:
    """The run with this id: a new one, or the one that was interrupted, to go on where it stood."""
    with ledger.transaction() as connection:
        connection.execute(_SQL["campaign_run_add"], (id_, name, at))
    return _runs(ledger, "campaign_run", id_)[0]


def unfinished(ledger: Ledger, name: str) -> CampaignRun | None:
    """The newest run of a campaign that has not ended, or None."""
    return next(iter(_runs(ledger, "campaign_run_unfinished", name)), None)


def all_of(ledger: Ledger, name: str) -> list[CampaignRun]:
    """Every run of a campaign, newest first."""
    return _runs(ledger, "campaign_runs", name)


def find(ledger: Ledger, id_: str) -> CampaignRun | None:
    """The run with this id, or None."""
    return next(iter(_runs(ledger, "campaign_run", id_)), None)


def newest(ledger: Ledger, limit: int) -> list[CampaignRun]:
    """The newest runs of all campaigns."""
    return _runs(ledger, "campaign_runs_newest", limit)


def move(ledger: Ledger, id_: str, cursor: str, counts: Mapping[str, int], *, finished: bool) -> None:
    """Everything up to household `cursor` is committed."""
    state = "finished" if finished else "running"
    with ledger.transaction() as connection:
        connection.execute(_SQL["campaign_run_move"], (cursor, json.dumps(dict(counts)), state, id_))


def _runs(ledger: Ledger, query: str, argument: str | int) -> list[CampaignRun]:
    return [
        CampaignRun(
            id=row[0], name=row[1], started_at=row[2], state=row[3], cursor=row[4], counts=json.loads(row[5])
        )
        for row in ledger.connection.execute(_SQL[query], (argument,))
    ]

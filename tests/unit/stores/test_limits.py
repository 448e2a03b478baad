"""What is left of a limit is never more than what a full count says, however it is remembered."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from hogar.stores.commit import ContactDraft, Draft, commit
from hogar.stores.ledger import DecisionRow, Ledger
from hogar.stores.limits import Limit, Spend, left

HOUR = 3_600_000_000
DAY = 24 * HOUR
CHANNELS = ("sms", "call", "email")


def draft(name: str, at: int, channel: str, spend: Limit | None = None, action: str = "a") -> Draft:
    """One decision with one contact."""
    contact = ContactDraft(
        id=f"{name}:0", party_id=name, person_id="P", channel=channel, kind="contact", message_class="marketing",
        action=action,
    )  # fmt: skip
    row = DecisionRow(name, "H", "triggered", at, "s", "p", "m", "n", b"", b"", 1, None, "made")
    spends = () if spend is None else (Spend(limit=spend, contacts=1),)
    return Draft(decision=row, contacts=(contact,), spends=spends)


def twice(one: Draft) -> Draft:
    """A draft that cannot be written: two contacts of one name."""
    return msgspec.structs.replace(one, contacts=one.contacts * 2)


def test_what_is_remembered_is_a_bound(tmp_path: Path) -> None:
    """Random contacts, some given back, a clock that goes on: where `enough` is asked for, the answer is on the same
    side of it as the count, and never above what the count leaves."""
    chance = random.Random(5)
    path = tmp_path / "ledger.db"
    with Ledger.open(path) as ledger, Ledger.open(path) as other:
        at, counted, asked = 100 * DAY, 0, 0
        for number in range(300):
            at += chance.randrange(HOUR)
            commit(ledger, [draft(f"D{number}", at - chance.randrange(3) * HOUR, chance.choice(CHANNELS))])
            if chance.random() < 0.3:
                name = f"D{chance.randrange(number + 1)}:0"
                ledger.connection.execute("UPDATE contact SET state = 'released' WHERE id = ?", [name])
            for channels, most in ((("sms",), 5), (("sms",), 40), (CHANNELS, 30), (CHANNELS, 200)):
                limit = Limit(channels=channels, actions=(), since=at - DAY, max=most)
                before, enough = dict(ledger.counted), chance.randrange(1, 4)
                said, found = left(ledger, limit, enough), left(other, limit)
                assert said <= found
                assert (said >= enough) == (found >= enough)
                counted += ledger.counted != before
                asked += 1
        assert counted < asked / 2


def test_what_was_rolled_back_is_forgotten(tmp_path: Path) -> None:
    """A count that saw rows which were never written must not vouch for the rows that came in their place."""
    limit = Limit(channels=("sms",), actions=(), since=0, max=2)
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        with pytest.raises(sqlite3.IntegrityError):
            commit(ledger, [draft("A", 1, "call"), draft("B", 1, "sms", limit), twice(draft("C", 1, "sms"))])
        commit(ledger, [draft("D", 1, "sms"), draft("E", 1, "sms")])
        assert commit(ledger, [draft("F", 1, "sms", limit)]) == ("conflict",)


def test_two_writers_never_exceed_a_limit(tmp_path: Path) -> None:
    """Each with its own connection and its own memory; what is not written is a conflict."""
    path = tmp_path / "ledger.db"
    Ledger.open(path).close()
    limit = Limit(channels=("sms",), actions=("a",), since=0, max=30)
    outcomes: list[str] = []

    def write(who: str) -> None:
        with Ledger.open(path) as ledger:
            for number in range(40):
                drafts = [
                    draft(f"{who}{number}", 1, "sms", limit),
                    draft(f"{who}{number}o", 1, "sms", None, "b"),
                ]
                outcomes.extend(commit(ledger, drafts))

    threads = [Thread(target=write, args=(who,)) for who in "AB"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("made") == 30 + 80
    assert outcomes.count("conflict") == 50
    with Ledger.open(path) as ledger:
        assert left(ledger, limit) == 0
        assert ledger.counts()["contact.contact.reserved"] == 110

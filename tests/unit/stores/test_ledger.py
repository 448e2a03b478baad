"""The ledger keeps facts once, together and for ever; two processes may write at the same time."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from hogar.stores import campaign_runs, events, outbox
from hogar.stores.commit import ContactDraft, Draft, Effect, MessageDraft, Seen, commit, record_effect
from hogar.stores.ledger import DecisionRow, ImportedContact, Ledger, LedgerError, ResponseRow, StrategyRow
from hogar.stores.migrations import migrate
from hogar.stores.queries import migrations, queries
from hogar.telco.events import Event

AT = 1_000_000


def a_draft(
    id_: str,
    *,
    party: str = "crm:1",
    seen: Seen | None = None,
    effect: Effect | None = None,
    mode: str = "campaign",
) -> Draft:
    """A decision with one contact and one message."""
    versions = ("strategy", "profile", "membership", "models")
    return Draft(
        decision=DecisionRow(id_, "H-1", mode, AT, *versions, b"situation", b"decision", 1, None, "made"),
        contacts=(
            ContactDraft(
                id=f"{id_}:0", party_id=party, person_id="P-1", channel="sms", kind="contact",
                message_class="marketing", action="grow",
            ),
        ),
        messages=(
            MessageDraft(
                id=f"{id_}:sms:1", contact=f"{id_}:0", channel="sms", party_id=party, person_id="P-1",
                payload=b"{}", not_before=AT, expires_at=AT + 10,
            ),
        ),
        seen=seen,
        effect=effect,
    )  # fmt: skip


def seen_by(ledger: Ledger, *parties: str) -> Seen:
    """What a gather sees now."""
    rows = ledger.contacts(parties, 0)
    return Seen(
        pointers=ledger.pointers(),
        parties=parties,
        since=0,
        contacts=len(rows),
        last=rows[-1].seq if rows else 0,
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """An empty ledger."""
    return Ledger.open(tmp_path / "ledger.db")


def schema_of(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
    )
    return [
        (type_, name, re.sub(r"\s*([(),])\s*", r"\1", " ".join(sql.split()))) for type_, name, sql in rows
    ]


def test_a_fresh_schema_equals_a_migrated_one(tmp_path: Path) -> None:
    """Whoever installs today and whoever has migrated since the first release have the same tables."""
    fresh = sqlite3.connect(tmp_path / "fresh.db", isolation_level=None)
    migrated = sqlite3.connect(tmp_path / "migrated.db", isolation_level=None)
    assert migrate(fresh) == migrate(migrated, fresh=False) == len(migrations())
    assert schema_of(fresh) == schema_of(migrated)
    for connection in (fresh, migrated):
        assert connection.execute("PRAGMA user_version").fetchone() == (len(migrations()),)
        connection.close()


def test_every_write_is_durable_and_checked(ledger: Ledger) -> None:
    """Commits reach the disk, readers go on meanwhile, references hold, pages fit our rows."""
    settings = {
        name: ledger.connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "page_size")
    }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "page_size": 8192}


def test_every_query_states_its_purpose() -> None:
    """Each named query begins with a line that says what it is for."""
    for file in ("ledger", "outbox", "events"):
        found = queries(file)
        assert found
        assert all(text.startswith("-- ") and text.endswith(";") for text in found.values())


def test_a_ledger_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    """An older release never writes into a newer ledger, and says what to do."""
    path = tmp_path / "ledger.db"
    with Ledger.open(path) as ledger:
        ledger.connection.execute("PRAGMA user_version = 999")
    with pytest.raises(LedgerError, match="use the newer release"):
        Ledger.open(path)


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    """A wrong file is named in the error."""
    path = tmp_path / "ledger.db"
    path.write_text("this is not a database, and it is long enough to be seen as such" * 100)
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger.open(path)


def test_pointers_switch_together_and_remember(ledger: Ledger) -> None:
    """What was live, since when and by whom stays known."""
    ledger.point({"strategy": "a", "profile": "1"}, at=1, by="ana", why="first")
    ledger.point({"strategy": "b"}, at=2, by="ben")
    assert ledger.pointers() == {"strategy": "b", "profile": "1"}
    assert ledger.pointer_history("strategy") == [("a", 1, "ana"), ("b", 2, "ben")]
    assert ledger.audit()[0] == (2, "ben", "pointer", "strategy", "b", None)


def test_a_published_strategy_is_immutable(ledger: Ledger) -> None:
    """The same hash again changes nothing."""
    first = StrategyRow("h", 1, "ana", "first", b"texts", b"catalogue")
    ledger.publish_strategy(first)
    ledger.publish_strategy(StrategyRow("h", 2, "ben", "again", b"other", b"other"))
    assert ledger.strategy("h") == first
    assert ledger.strategy("unknown") is None


def test_decision_contact_and_message_commit_together(ledger: Ledger) -> None:
    """One draft writes all three, and they refer to each other."""
    assert commit(ledger, [a_draft("D-1", seen=seen_by(ledger, "crm:1"))]) == ("made",)
    row = ledger.decision("D-1")
    assert row is not None
    assert row.decision == b"decision"
    assert [contact.action for contact in ledger.contacts(["crm:1"], 0)] == ["grow"]
    assert [message.id for message in outbox.due(ledger, AT, 10)] == ["D-1:sms:1"]


def test_a_failing_draft_leaves_nothing_of_the_transaction(ledger: Ledger) -> None:
    """A broken reference undoes the decision beside it."""
    good, broken = a_draft("D-1"), a_draft("D-2")
    broken = Draft(decision=broken.decision, contacts=good.contacts)  # the same contact id twice
    with pytest.raises(sqlite3.IntegrityError):
        commit(ledger, [good, broken])
    assert ledger.counts() == {}


def test_the_same_decision_commits_once(ledger: Ledger) -> None:
    """A repetition is recognised and changes nothing."""
    draft = a_draft("D-1")
    assert commit(ledger, [draft]) == ("made",)
    assert commit(ledger, [draft]) == ("repeated",)
    assert ledger.counts()["decision.campaign.made"] == 1


def test_a_spent_counter_is_a_conflict(ledger: Ledger) -> None:
    """Two drafts that saw the same counters: the second is refused, also inside one transaction."""
    seen = seen_by(ledger, "crm:1", "crm:2")
    drafts = [a_draft("D-1", seen=seen), a_draft("D-2", party="crm:2", seen=seen)]
    assert commit(ledger, drafts) == ("made", "conflict")
    assert ledger.decision("D-2") is None
    assert commit(ledger, [a_draft("D-2", seen=seen_by(ledger, "crm:1", "crm:2"))]) == ("made",)


def test_a_moved_pointer_is_a_conflict(ledger: Ledger) -> None:
    """What was decided under another strategy or before an emergency stop is not written."""
    seen = seen_by(ledger, "crm:1")
    ledger.point({"stop": '{"all":true}'}, at=2, by="noc")
    assert commit(ledger, [a_draft("D-1", seen=seen)]) == ("conflict",)


def test_an_event_has_its_effect_once(ledger: Ledger) -> None:
    """The event's trace commits with the decision; a second decision for it is refused."""
    effect = Effect(source="/network", event_id="1", consumer="trigger:arrived")
    assert commit(ledger, [a_draft("D-1", effect=effect)]) == ("made",)
    assert commit(ledger, [a_draft("D-2", effect=effect)]) == ("repeated",)
    assert events.effect(ledger, "/network", "1", "trigger:arrived") == ("decided", "D-1")
    late = Effect(source="/network", event_id="2", consumer="trigger:arrived", outcome="expired")
    record_effect(ledger, late, AT)
    assert events.effect(ledger, "/network", "2", "trigger:arrived") == ("expired", None)


def test_the_outbox_moves_forward_only(ledger: Ledger) -> None:
    """A submitted message survives a crash; a settled one is not due again; an unsaid one frees its place."""
    commit(ledger, [a_draft("D-1"), a_draft("D-2")])
    first, second = outbox.due(ledger, AT, 10)
    assert outbox.submit(ledger, [first.id], AT, ledger.pointers())
    again = outbox.due(ledger, AT, 10)[0]
    assert (again.state, again.attempts) == ("submitted", 1)
    outbox.settle(ledger, [(first, "delivered", ""), (second, "expired", "too late")], AT)
    assert outbox.due(ledger, AT, 10) == []
    outbox.settle(ledger, [(first, "failed", "")], AT)
    assert [state.state for state in outbox.of_decision(ledger, "D-1")] == ["delivered"]
    assert [contact.seq for contact in ledger.contacts(["crm:1"], 0)] == [1]


def test_a_postponed_message_waits(ledger: Ledger) -> None:
    """It is due again at the moment that it waits for, and its reservation stays."""
    commit(ledger, [a_draft("D-1")])
    outbox.postpone(ledger, [(outbox.due(ledger, AT, 1)[0], AT + 5, "quiet hours")], AT)
    assert outbox.due(ledger, AT, 10) == []
    assert len(outbox.due(ledger, AT + 5, 10)) == 1
    assert len(ledger.contacts(["crm:1"], 0)) == 1


def test_answers_are_kept_once(ledger: Ledger) -> None:
    """The same response id again changes nothing; an answer to an unknown decision is refused."""
    commit(ledger, [a_draft("D-1")])
    answer = ResponseRow("R-1", "D-1", 0, "accepted", AT, "agent")
    assert ledger.respond(answer) is True
    assert ledger.respond(answer) is False
    assert ledger.responses("D-1") == [answer]
    with pytest.raises(sqlite3.IntegrityError):
        ledger.respond(ResponseRow("R-2", "D-9", 0, "accepted", AT, "agent"))


def test_contacts_of_other_systems_are_imported_once(ledger: Ledger) -> None:
    """The same file again adds nothing; the contacts count like our own."""
    contacts = [ImportedContact(id="c1", party_id="crm:1", channel="email", message_class="marketing", at=AT)]
    assert ledger.import_contacts("campaigns", contacts) == 1
    assert ledger.import_contacts("campaigns", contacts) == 0
    assert [contact.channel for contact in ledger.contacts(["crm:1"], 0)] == ["email"]


def test_a_campaign_run_goes_on_where_it_stood(ledger: Ledger) -> None:
    """The cursor and the counts survive; a finished run is not taken up again."""
    campaign_runs.begin(ledger, "run", "renewals", AT)
    campaign_runs.move(ledger, "run", "H-5", {"proposed": 3}, finished=False)
    run = campaign_runs.begin(ledger, "run", "renewals", AT + 1)
    assert (run.cursor, run.counts, run.started_at) == ("H-5", {"proposed": 3}, AT)
    assert campaign_runs.unfinished(ledger, "renewals") == run
    campaign_runs.move(ledger, "run", "H-9", {"proposed": 4}, finished=True)
    assert campaign_runs.unfinished(ledger, "renewals") is None
    assert [run.state for run in campaign_runs.all_of(ledger, "renewals")] == ["finished"]


def test_the_event_log_keeps_each_event_once_in_order(ledger: Ledger) -> None:
    """Source and id deduplicate; a consumer's position never goes back."""
    event = Event(id="1", source="/n", type="t", time="2026-03-01T10:00:00Z", subject="crm:L1", data={"a": 1})
    other = Event(id="1", source="/m", type="t", time="2026-03-01T11:00:00+01:00", subject="crm:L1")
    assert events.append(ledger, [event, other, event], AT) == 2
    logged = events.after(ledger, 0, 10)
    assert [(row.source, row.data) for row in logged] == [("/n", {"a": 1}), ("/m", {})]
    assert logged[0].time == logged[1].time
    assert events.last(ledger) == 2
    events.move(ledger, "triggers", 2)
    events.move(ledger, "triggers", 1)
    assert events.position(ledger, "triggers") == 2
    with pytest.raises(ValueError, match="no offset"):
        events.event_time(Event(id="2", source="/n", type="t", time="2026-03-01T10:00:00", subject=""))


def test_rejects_are_kept_once_with_their_place(ledger: Ledger) -> None:
    """The same bad line of the same file is kept once, as it came."""
    bad = events.Rejected(file="e.jsonl", line=3, reason="not JSON", record=b"{oops")
    events.reject(ledger, [bad], AT)
    events.reject(ledger, [bad], AT)
    assert events.rejects(ledger) == [bad]


def test_two_processes_write_at_the_same_time(tmp_path: Path) -> None:
    """Nobody is lost, nobody is locked out, and each contact saw all those before it."""
    path = tmp_path / "ledger.db"
    writers = [subprocess.Popen([sys.executable, __file__, str(path), name]) for name in ("a", "b")]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    with Ledger.open(path) as ledger:
        assert ledger.counts()["decision.campaign.made"] == 80
        assert len(ledger.contacts(["crm:1"], 0)) == 80


def write_many(path: Path, name: str) -> None:
    """What one of the two processes does: 40 decisions, each tried until its counters still hold."""
    with Ledger.open(path) as ledger:
        for number in range(40):
            while commit(ledger, [a_draft(f"{name}-{number}", seen=seen_by(ledger, "crm:1"))]) != ("made",):
                pass


if __name__ == "__main__":
    write_many(Path(sys.argv[1]), sys.argv[2])

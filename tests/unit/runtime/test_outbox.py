"""The last gate looks again right before a message leaves, and the file has each message once."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import small_market
import typer

from hogar.cli import campaigns, triggers
from hogar.runtime import campaign_runs, file_channel, outbox
from hogar.runtime.engine import Engine
from hogar.runtime.strategies.stopping import resume, stop
from hogar.stores import outbox as waiting
from hogar.stores.ledger import ImportedContact
from hogar.stores.lock import Lock, LockedError
from hogar.stores.moment import to_micros
from hogar.stores.reviews import Author

NOC = Author("noc", "ops7")


def lines(engine: Engine) -> list[dict[str, object]]:
    """Every line of every file of the channel."""
    return [
        json.loads(line)
        for path in sorted(engine.outbox.glob("*.jsonl"))
        for line in path.read_text().splitlines()
    ]


def ran(folder: Path, moment: list[datetime]) -> Engine:
    """An engine with a clock to turn, after a campaign's run."""
    engine = small_market.engine(folder, clock=lambda: moment[0])
    campaign_runs.run(engine, "renewals")
    return engine


def test_consent_taken_back_after_the_decision_is_respected(tmp_path: Path) -> None:
    """A new profile version without consent, or with an objection: nothing leaves, the reservation is freed."""
    engine = ran(tmp_path, [small_market.NOW])
    homes = [small_market.home(number, consent=0) for number in range(1, 6)]
    homes += [small_market.home(number, objects=True) for number in range(6, 11)]
    later = small_market.engine(tmp_path, homes)
    assert dict(outbox.deliver(later).failed) == {"no_consent": 5, "objection": 5}
    assert lines(engine) == []
    assert engine.ledger.counts()["contact.contact.released"] == 10


def test_quiet_hours_wait_and_expiry_drops(tmp_path: Path) -> None:
    """At night it waits for the morning; after its life it is dropped."""
    moment = [small_market.NOW]
    engine = ran(tmp_path, moment)
    moment[0] = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)  # 22:00 in Madrid
    assert outbox.deliver(engine).waiting == 10
    assert waiting.next_due(engine.ledger) == to_micros(datetime(2026, 3, 3, 8, 0, tzinfo=UTC))
    moment[0] = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    assert outbox.deliver(engine).delivered == 10
    moment[0] = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    campaign_runs.run(engine, "renewals")
    moment[0] += timedelta(days=4)
    assert outbox.deliver(engine).expired == 10


def test_a_cap_broken_meanwhile_holds_the_message_back(tmp_path: Path) -> None:
    """Other systems spoke to the person after the decision: the last gate counts them."""
    engine = ran(tmp_path, [small_market.NOW])
    engine.ledger.import_contacts(
        "others",
        [
            ImportedContact(
                id=str(n), party_id="crm:00001a", channel="sms", message_class="marketing",
                at=to_micros(small_market.NOW),
            )
            for n in range(2)
        ],
    )  # fmt: skip
    report = outbox.deliver(engine)
    assert (report.delivered, dict(report.failed)) == (9, {"sms_30d": 1})


def test_a_stop_holds_messages_until_it_is_lifted(tmp_path: Path) -> None:
    """Nothing is lost: they leave after the stop, if they still live."""
    moment = [small_market.NOW]
    engine = ran(tmp_path, moment)
    stop(engine, author=NOC)
    assert outbox.deliver(engine).waiting == 10
    resume(engine, author=NOC)
    moment[0] += timedelta(minutes=1)
    assert outbox.deliver(engine).delivered == 10


def test_a_crash_after_writing_does_not_write_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file has the lines but the ledger does not know: the same keys are found and not repeated."""
    engine = ran(tmp_path, [small_market.NOW])

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("hogar.runtime.outbox.outbox.settle", crash)
        with pytest.raises(KeyboardInterrupt):
            outbox.deliver(engine)
    assert len(lines(engine)) == 10
    assert outbox.deliver(engine).delivered == 10
    keys = [line["idempotency_key"] for line in lines(engine)]
    assert len(keys) == len(set(keys)) == 10


@pytest.mark.parametrize("how", ["quiet_hours", "stop", "expiry"])
def test_what_a_crash_left_written_is_not_put_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Written but not noted, then a night, a stop or the end of its life: it counts as delivered and stands once."""
    moment = [small_market.NOW]
    engine = ran(tmp_path, moment)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("hogar.runtime.outbox.outbox.settle", crash)
        with pytest.raises(KeyboardInterrupt):
            outbox.deliver(engine)
    if how == "stop":
        stop(engine, author=NOC)
    moment[0] += timedelta(days=4) if how == "expiry" else timedelta(hours=11)
    assert outbox.deliver(engine).delivered == 10
    resume(engine, author=NOC)
    moment[0] += timedelta(hours=11)  # the next morning
    assert outbox.deliver(engine).delivered == 0
    keys = [line["idempotency_key"] for line in lines(engine)]
    assert len(keys) == len(set(keys)) == 10
    assert engine.ledger.counts()["contact.contact.made"] == 10


def test_what_was_submitted_but_not_written_meets_the_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash before the file: it waits for the morning like any other, and is written once."""
    moment = [small_market.NOW]
    engine = ran(tmp_path, moment)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("hogar.runtime.file_channel.append", crash)
        with pytest.raises(KeyboardInterrupt):
            outbox.deliver(engine)
    moment[0] = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
    assert (outbox.deliver(engine).waiting, lines(engine)) == (10, [])
    moment[0] = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    assert outbox.deliver(engine).delivered == len(lines(engine)) == 10


def test_a_line_without_its_end_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Torn right before the line's end: it would be cut off, so it is written again."""
    engine = ran(tmp_path, [small_market.NOW])

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("hogar.runtime.outbox.outbox.settle", crash)
        with pytest.raises(KeyboardInterrupt):
            outbox.deliver(engine)
    path = engine.outbox / "sms-2026-03-02.jsonl"
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    assert outbox.deliver(engine).delivered == 10
    assert len({str(line["idempotency_key"]) for line in lines(engine)}) == len(lines(engine)) == 10


def test_what_waits_for_a_later_moment_is_counted(tmp_path: Path) -> None:
    """Put off by an earlier round and not due in this one: it still waits."""
    moment = [small_market.NOW]
    engine = ran(tmp_path, moment)
    moment[0] = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
    assert [outbox.deliver(engine).waiting for _ in range(2)] == [10, 10]


def test_a_torn_line_is_cut_off(tmp_path: Path) -> None:
    """What a crash left of a line disappears before the next is written."""
    engine = ran(tmp_path, [small_market.NOW])
    engine.outbox.mkdir()
    path = engine.outbox / "sms-2026-03-02.jsonl"
    path.write_text('{"idempotency_key":"x"}\n{"idempo')
    outbox.deliver(engine)
    assert lines(engine)[0]["idempotency_key"] == "x"
    assert len(lines(engine)) == 11
    file_channel.append(engine.outbox, "sms", small_market.NOW.date(), [])
    assert len(lines(engine)) == 11


def test_one_process_delivers_at_a_time(tmp_path: Path) -> None:
    """A second one is refused, so no message is taken twice; a command leaves them to the first."""
    engine = ran(tmp_path, [small_market.NOW])
    engine.outbox.mkdir()
    with Lock(engine.outbox / "lock").held(), pytest.raises(LockedError, match="is delivering from"):
        outbox.deliver(engine)
    with Lock(engine.outbox / "lock").held():
        report = outbox.deliver_or_leave(engine)
    assert (report.elsewhere, report.delivered) == (True, 0)
    assert outbox.deliver_or_leave(engine).delivered == 10


def test_a_command_reports_its_work_while_another_delivers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was committed is said, with who delivers, and neither command fails."""
    engine = ran(tmp_path, [small_market.NOW])
    engine.outbox.mkdir()
    for module in (campaigns, triggers):
        monkeypatch.setattr(module, "opened", lambda *_: nullcontext(engine))
    with Lock(engine.outbox / "lock").held():
        campaigns.run("renewals", json=True)
        said = capsys.readouterr()
        with pytest.raises(typer.Exit) as ended:
            triggers.run(json=True)
    assert ended.value.exit_code == 0
    for out, err in (said, capsys.readouterr()):
        assert "another process delivers now" in err
        assert json.loads(out.splitlines()[-1])["delivery"]["elsewhere"] is True

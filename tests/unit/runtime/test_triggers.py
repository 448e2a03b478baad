"""An event has its effect once, in time, on whom it is about; what is no event is kept and named."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import small_market

from hogar.runtime import matching, outbox, triggers
from hogar.runtime.engine import Engine
from hogar.runtime.explain import explain_decision
from hogar.runtime.replay import replay
from hogar.stores import events


def arrived(
    id_: str, *, at: datetime = small_market.NOW, subject: str = "crm:00001L0", **data: object
) -> str:
    """One event of the roaming kind, as a line of a file."""
    return json.dumps(
        {
            "specversion": "1.0", "id": id_, "source": "/network", "type": "com.acme.roaming.v1.arrived",
            "time": at.isoformat(), "subject": subject, "data": data,
        }
    )  # fmt: skip


def write(folder: Path, *lines: str) -> Path:
    """A file of events."""
    path = folder / "events.jsonl"
    path.write_text("\n".join(lines))
    return path


def test_an_arrival_abroad_becomes_a_message(engine: Engine, tmp_path: Path) -> None:
    """Action, recipient, channel; the message is delivered with its words; the decision replays."""
    report = triggers.run(engine, write(tmp_path, arrived("1", country="US")))
    assert (report.read, report.appended, report.consumed, report.proposed) == (1, 1, 1, 1)
    assert outbox.deliver(engine).delivered == 1
    (line,) = (engine.outbox / "sms-2026-03-02.jsonl").read_text().splitlines()
    message = json.loads(line)["message"]
    assert message["said"]["text"] == "Bienvenido a US"
    assert (message["action"], message["person"]) == ("roaming", "P-crm:00001a")
    (id_,) = engine.ledger.decision_ids(mode="triggered")
    assert replay(engine, id_).identical
    explained = explain_decision(engine, id_)
    assert explained.proposals[0].reason == "Estas en US"
    assert [state.state for state in explained.messages] == ["delivered"]


def test_the_same_event_again_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    """Source and id deduplicate in the log, and the effect is exactly once even if the consumer starts anew."""
    file = write(tmp_path, arrived("1", country="US"))
    triggers.run(engine, file)
    again = triggers.run(engine, file)
    assert (again.read, again.duplicates, again.consumed) == (1, 1, 0)
    engine.ledger.connection.execute("DELETE FROM consumer")
    assert dict(triggers.consume(engine).outcomes) == {"repeated": 1}
    assert engine.ledger.counts()["decision.triggered.made"] == 1


def test_what_is_no_event_is_kept_with_its_place(engine: Engine, tmp_path: Path) -> None:
    """read = appended + duplicates + rejected; each bad line is named with file and line, and lost nowhere."""
    future = small_market.NOW + timedelta(minutes=6)
    file = write(
        tmp_path, "{oops", arrived("1", at=future, country="US"), '{"id": "2"}', "", arrived("3", country="US"),
        arrived("4").replace("+00:00", ""), arrived("5", subject=""), '{"a":"' + "x" * 300_000 + '"}',
    )  # fmt: skip
    report = triggers.run(engine, file)
    assert (report.read, report.appended, report.rejected) == (7, 1, 6)
    assert [problem.split(":")[1] for problem in report.problems] == ["1", "2", "3", "6", "7", "8"]
    assert "from the future" in report.problems[1]
    assert "missing required field" in report.problems[2]
    assert "no offset" in report.problems[3]
    assert "longer than" in report.problems[5]
    assert len(events.rejects(engine.ledger)) == 6


@pytest.mark.parametrize("follow", [False, True])
def test_a_line_that_breaks_a_reader_is_one_reject(engine: Engine, tmp_path: Path, follow: bool) -> None:
    """Outside the calendar, nested without end, no UTF-8: named with its line, and those around it are appended."""
    early = arrived("2").replace(small_market.NOW.isoformat(), "0001-01-01T00:00:00+14:00")
    late = arrived("3").replace(small_market.NOW.isoformat(), "9999-12-31T23:59:59-14:00")
    deep, deeper = '{"a":' * 70 + "1" + "}" * 70, '{"a":' * 20_000
    whole = arrived("4").replace('"data": {}', f'"data": {deep}')
    file = write(tmp_path, arrived("1", country="US"), early, late, deeper, whole, "@", arrived("5"), "")
    file.write_bytes(file.read_bytes().replace(b"@", arrived("6").encode().replace(b"network", b"\xff")))
    report = triggers.run(engine, file, wait=(lambda: False) if follow else None)
    assert (report.read, report.appended, report.rejected, report.consumed) == (7, 2, 5, 2)
    assert [problem.split(":")[1] for problem in report.problems] == ["2", "3", "4", "5", "6"]
    assert "outside the years" in report.problems[0]
    assert "nested" in report.problems[2]


def test_a_number_beyond_all_numbers_is_unknown() -> None:
    """An integer of hundreds of digits fits no float: the field is unknown and the consumer goes on."""
    assert matching._typed(10**400, "number") is None
    assert matching._typed(7, "number") == 7.0


def test_outcomes_without_a_decision_are_recorded(engine: Engine, tmp_path: Path) -> None:
    """Too late, about nobody we know, or of no interest to a trigger."""
    late = small_market.NOW - timedelta(minutes=241)
    report = triggers.run(
        engine,
        write(
            tmp_path, arrived("1", at=late, country="US"), arrived("2", subject="crm:none", country="US"),
            arrived("3"), arrived("4", country=7),
        ),
    )  # fmt: skip
    assert dict(report.outcomes) == {"expired": 1, "unknown_subject": 1}
    assert report.consumed == 4
    assert events.effect(engine.ledger, "/network", "1", "trigger:arrived") == ("expired", None)


def test_a_condition_that_does_not_hold_is_silence(engine: Engine, tmp_path: Path) -> None:
    """The trigger is pulled, the action's own condition is not met: a decision without a proposal."""
    report = triggers.run(engine, write(tmp_path, arrived("1", country="FR")))
    assert dict(report.outcomes) == {"silent": 1}


def test_two_events_of_one_household_in_a_batch_see_each_other(engine: Engine, tmp_path: Path) -> None:
    """Four arrivals of one household: the cap of two a week holds across a batch."""
    lines = [arrived(str(n), subject=f"crm:00001L{n % 2}", country="US") for n in range(4)]
    report = triggers.run(engine, write(tmp_path, *lines))
    assert dict(report.outcomes) == {"proposed": 2, "silent": 2}


def test_a_growing_file_is_followed(engine: Engine, tmp_path: Path) -> None:
    """New lines are read once, half a line is left until it is whole."""
    first, second = arrived("1", country="US"), arrived("2", subject="crm:00002L0", country="US")
    path = write(tmp_path, first + "\n" + second[:30])
    rounds = []

    def wait() -> bool:
        rounds.append(1)
        if len(rounds) == 1:
            path.write_text(first + "\n" + second + "\n")
        return len(rounds) < 3

    report = triggers.run(engine, path, wait=wait)
    assert (report.read, report.appended, report.rejected, report.proposed) == (2, 2, 0, 2)

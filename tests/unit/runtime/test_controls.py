"""Objective, levers and prices change while decisions go on: at once, whole, audited; a stop needs one word."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import small_market
from tests.unit.runtime.strategies_by_hand import ANA, TWO_OBJECTIVES

from hogar.decide import decode_decision
from hogar.errors import UsageError
from hogar.runtime import outbox
from hogar.runtime.campaign_runs import run
from hogar.runtime.engine import Engine
from hogar.runtime.explain import explain_decision
from hogar.runtime.inbound import InboundRequest, decide_inbound
from hogar.runtime.replay import replay
from hogar.runtime.strategies import controls, spelling, standing, stopping
from hogar.stores.ledger import Ledger
from hogar.strategy.controls import Controls

WEB = InboundRequest(channel="web", person="P-crm:00001a")
WORTH = {"yearly": 48_000, "tenth": 4_800}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """The small market with two objectives."""
    return small_market.engine(tmp_path, texts=TWO_OBJECTIVES)


def to_objective(name: str) -> Callable[[Controls], Controls]:
    """The change to this objective."""
    return lambda now: now.with_objective(name)


def test_the_next_decision_is_under_the_new_objective(engine: Engine) -> None:
    """And back: the same hash as before, because the same texts."""
    first = engine.live().kernel.strategy.hash
    assert decide_inbound(engine, WEB).proposals[0].value_eur == 480.0
    done = controls.change(engine, to_objective("tenth"), author=ANA, why="quarter's end")
    assert (done.before, done.changed, done.controls.objective) == (first, True, "tenth")
    made = decide_inbound(engine, WEB)
    assert (made.strategy, made.proposals[0].value_eur) == (done.strategy, 48.0)
    assert controls.change(engine, to_objective(""), author=ANA).strategy == first
    assert replay(engine, made.decision).identical
    assert engine.ledger.audit(2)[1][1:4] == ("Ana (ops7)", "set", "objective tenth")


def test_levers_and_prices_weigh_on_the_score_and_show(engine: Engine) -> None:
    """A lever multiplies, a price is taken off; both stand in the view, and in the explanation's figures."""
    before = explain_decision(engine, decide_inbound(engine, WEB).decision).proposals[0]
    lever = controls.lever("purpose", "upgrade", 1.5, until="2099-12-31", help="winter")
    controls.change(engine, lambda now: now.with_lever(lever), author=ANA)
    controls.change(engine, lambda now: now.with_price(controls.price("channel", "web", 2.0)), author=ANA)
    after = explain_decision(engine, decide_inbound(engine, WEB).decision).proposals[0]
    assert after.score_eur == pytest.approx(1.5 * before.score_eur - 2)
    shown = controls.view(engine)
    assert [(one.purpose, one.weight, one.until, one.help) for one in shown.levers] == [
        ("upgrade", 1.5, "2099-12-31", "winter")
    ]
    assert [(one.channel, one.eur) for one in shown.prices] == [("web", 2.0)]
    assert (shown.objective, shown.objective_set, shown.objectives) == ("yearly", False, ("yearly", "tenth"))


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (to_objective("yaerly"), "`yaerly` is not an objective; did you mean `yearly`"),
        (lambda now: now.with_lever(controls.lever("action", "famly_plan", 2.0)), "did you mean `family_plan`"),
        (lambda now: now.with_lever(controls.lever("purpose", "upgrade", 11.0)), "11"),
        (lambda now: now.with_price(controls.price("channel", "smss", 2.0)), "did you mean `sms`"),
        (lambda now: controls.without(now, "lever", "purpose", "upgrade"), "no lever is set on `purpose:upgrade`"),
        (lambda _: controls.replaced("", [controls.LeverSet(weight=2.0)], []), "name a `purpose` or an `action`"),
        (lambda now: now.with_lever(controls.lever("action", "roaming", 1.0, until="soon")), "`soon` is not a day"),
        (lambda now: now.with_lever(controls.lever("action", "roaming", 1.0, until="2026-W10-1")), "is not a day"),
        (lambda now: now.with_lever(controls.lever("purpose", "upgrade", 2.0, until="2020-01-01")), "have ended on"),
        (lambda now: now.with_price(controls.price("channel", "sms", 0.004)), "whole cents"),
    ],
)  # fmt: skip
def test_a_wrong_change_is_refused_in_words_and_moves_nothing(
    engine: Engine, made: Callable[[Controls], Controls], words: str
) -> None:
    """The name's neighbour is told; pointers, strategies and audit stay."""
    before = engine.ledger.pointers(), engine.ledger.audit(), len(standing.standings(engine.ledger))
    with pytest.raises(UsageError) as refused:
        controls.change(engine, made, author=ANA)
    assert words in str(refused.value)
    assert (engine.ledger.pointers(), engine.ledger.audit(), len(standing.standings(engine.ledger))) == before


@pytest.mark.parametrize(
    ("what", "text", "told"),
    [
        ("lever", "purpose:retain=1.3", ("purpose", "retain", 1.3)),
        ("lever", "tv=0", ("action", "tv", 0.0)),
        ("price", "sms=0.10", ("channel", "sms", 0.1)),
        ("price", "action:retain=1.5", ("action", "retain", 1.5)),
        ("lever", "retain=2", "write `purpose:retain` or `action:retain`"),
        ("lever", "channel:sms=2", "`channel` has no lever"),
        ("lever", "retian", "write it as purpose:retain=1.3"),
        ("lever", "tvv=1", "did you mean `tv`?"),
        ("price", "action:tvv=1", "no action `tvv`; did you mean `tv`?"),
        ("price", "=1", "is not a price"),
    ],
)
def test_levers_and_prices_are_written_one_way(
    what: spelling.What, text: str, told: tuple[str, str, float] | str
) -> None:
    """The kind, the name, the number; the bare name where nothing else is called so."""
    if isinstance(told, tuple):
        assert spelling.amount_on(what, text, ["tv", "retain"]) == told
        return
    with pytest.raises(UsageError) as refused:
        spelling.amount_on(what, text, ["tv", "retain"])
    assert told in str(refused.value)


def test_controls_wait_for_a_second_person_where_that_is_set(engine: Engine) -> None:
    """Then a change is a proposal, and decisions go on as before."""
    engine.control_approvals = 2
    before = engine.ledger.pointers()
    done = controls.change(engine, to_objective("tenth"), author=ANA)
    assert (done.proposed, engine.ledger.pointers()) == (True, before)
    assert standing.find(engine, done.strategy).state == "proposed"


def test_two_who_change_at_once_both_have_their_change(engine: Engine, tmp_path: Path) -> None:
    """A change made from what is not live any more is made again from what is."""
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        other = replace(engine, ledger=ledger)
        met: list[str] = []

        def slow(now: Controls) -> Controls:
            if not met:
                met.append(controls.change(other, to_objective("tenth"), author=ANA).strategy)
            return now.with_price(controls.price("channel", "web", 1.0))

        controls.change(engine, slow, author=ANA)
    shown = controls.view(engine)
    assert (shown.objective, len(shown.prices)) == ("tenth", 1)


def test_no_decision_has_half_of_a_change(engine: Engine, tmp_path: Path) -> None:
    """Deciders and a switcher at once: each decision has its own strategy's objective, and replays to its bytes."""
    made: list[str] = []
    failed: list[BaseException] = []
    done = threading.Event()

    def beside(work: Callable[[Engine], None]) -> Callable[[], None]:
        def body() -> None:
            try:
                with Ledger.open(tmp_path / "ledger.db") as ledger:
                    work(replace(engine, ledger=ledger))
            except BaseException as error:
                failed.append(error)
                done.set()

        return body

    def decider(first: int) -> Callable[[Engine], None]:
        def work(mine: Engine) -> None:
            number = first
            while not done.wait(0.002) and number < first + 100:
                home = 1 + number % 10
                made.append(
                    decide_inbound(mine, InboundRequest(channel="web", person=f"P-crm:{home:05d}a")).decision
                )
                number += 1

        return work

    def switcher(mine: Engine) -> None:
        try:
            for number in range(16):
                name = ("tenth", "yearly")[number % 2]
                switched = controls.change(mine, to_objective(name), author=ANA)
                answer = decide_inbound(mine, InboundRequest(channel="call_centre", person="P-crm:00010a"))
                assert answer.strategy == switched.strategy  # effective on the very next decision
        finally:
            done.set()

    threads = [threading.Thread(target=beside(work)) for work in (decider(0), decider(5), switcher)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed
    assert len(made) > 20
    objectives: set[str] = set()
    for id_ in made:
        row = engine.ledger.decision(id_)
        assert row is not None
        decision = decode_decision(row.decision)
        assert decision.strategy == row.strategy
        objective = engine.opened(row.strategy, row.profile).kernel.strategy.objective
        assert {one.value_cents for one in decision.proposals} <= {WORTH[objective]}
        assert replay(engine, id_).identical
        objectives.add(objective)
    assert objectives == set(WORTH)


# Emergency stop


def test_a_stop_adds_up_and_is_lifted_in_parts(engine: Engine) -> None:
    """Channels and actions one by one, in words; what is not there is named with its neighbour."""
    stopping.stop(engine, author=ANA, channels=["sms"], why="wrong price")
    stop = stopping.stop(engine, author=ANA, actions=["family_plan"])
    assert stopping.words(stop) == "channel sms, action family_plan"
    assert stopping.words(stopping.resume(engine, author=ANA, channels=["sms"])) == "action family_plan"
    for wrong in ({"channels": ["smss"]}, {"actions": ["famly_plan"]}):
        with pytest.raises(UsageError, match="did you mean"):
            stopping.stop(engine, author=ANA, **wrong)
    with pytest.raises(UsageError, match="`email` is not a stopped channel"):
        stopping.resume(engine, author=ANA, channels=["email"])
    stopping.stop(engine, author=ANA)
    with pytest.raises(UsageError, match="everything is stopped"):
        stopping.resume(engine, author=ANA, channels=["sms"])
    assert stopping.resume(engine, author=ANA) == stopping.Stop()
    assert [row[2] for row in engine.ledger.audit(2)] == ["resume", "stop"]


def test_decisions_made_while_stopped_say_so(engine: Engine) -> None:
    """The answer, and each action in the explanation; afterwards it goes on as before."""
    stopping.stop(engine, author=ANA, why="incident")
    made = decide_inbound(engine, WEB)
    assert (made.silence, made.proposals) == ("stopped", ())
    reasons = {one.reason for one in explain_decision(engine, made.decision).excluded}
    assert reasons == {"stopped"}
    stopping.resume(engine, author=ANA)
    assert decide_inbound(engine, WEB).proposals
    assert replay(engine, made.decision).identical


def test_a_stop_between_the_gate_and_the_channel_still_holds(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pressed by another process after the last look: nothing of that batch leaves."""
    run(engine, "renewals")
    real = outbox.gate

    def gate(*arguments: object) -> object:
        verdict = real(*arguments)  # type: ignore[arg-type]
        with Ledger.open(tmp_path / "ledger.db") as ledger:
            stopping.stop(replace(engine, ledger=ledger), author=ANA)
        return verdict

    with monkeypatch.context() as patched:
        patched.setattr("hogar.runtime.outbox.gate", gate)
        report = outbox.deliver(engine)
    assert (report.delivered, report.waiting) == (0, 10)
    assert msgspec.json.decode(engine.ledger.pointers()["stop"])["all"] is True

"""What is changed at run time is a text of the strategy: read, written, applied, and refused in a folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hogar import strategy
from hogar.errors import ProblemsFound
from hogar.strategy.controls import PATH, Controls, Price, controls_of, controls_text, with_controls
from hogar.strategy.levers import PURPOSES, Lever, TimedWeight
from hogar.strategy.season import Season
from hogar.telco.catalogue import Catalogue
from hogar.telco.channels import CHANNELS

Files = dict[str, str]
Offers = dict[str, str]

_WORDS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["C", "Z"]), max_size=12
)
_DAYS = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))
_LEVERS = st.builds(
    lambda purpose, weight, first, last, help: Lever(
        purpose=purpose, weight=weight, season=Season(first=first, last=last and max(last, first or last)), help=help
    ),
    st.sampled_from(PURPOSES), st.integers(0, 10_000).map(lambda n: n / 1000), _DAYS, _DAYS, _WORDS,
)  # fmt: skip
_PRICES = st.builds(
    lambda channel, eur, help: Price(channel=channel, eur=eur, help=help),
    st.sampled_from(CHANNELS), st.integers(0, 10_000).map(lambda n: n / 100), _WORDS,
)  # fmt: skip


@given(
    objective=st.sampled_from(["", "growth", "true", "Año nuevo: 'x'"]),
    levers=st.lists(_LEVERS, max_size=4),
    prices=st.lists(_PRICES, max_size=3),
)
def test_what_is_written_is_read_again(objective: str, levers: list[Lever], prices: list[Price]) -> None:
    """The text of controls gives the same controls, whatever people write as help."""
    made = Controls(objective=objective)
    for lever in levers:
        made = made.with_lever(lever)
    for price in prices:
        made = made.with_price(price)
    read = controls_of(with_controls({}, made))
    assert controls_text(read) == controls_text(made)
    unplaced = replace(
        read,
        levers=tuple(replace(each, place=None) for each in read.levers),
        prices=tuple(replace(each, place=None) for each in read.prices),
    )
    assert unplaced == made


def test_one_lever_a_purpose_and_one_price_a_channel() -> None:
    """Setting again replaces; clearing the last leaves no document."""
    made = Controls().with_lever(Lever(purpose="grow", weight=2)).with_lever(Lever(action="tv", weight=0))
    made = made.with_lever(Lever(purpose="grow", weight=3))
    assert [(each.purpose, each.action, each.weight) for each in made.levers] == [
        ("", "tv", 0),
        ("grow", "", 3),
    ]
    made = made.with_price(Price(channel="sms", eur=0.1)).with_price(Price(channel="sms", eur=0.2))
    assert made.price_cents(channel="sms") == 20
    texts = with_controls({"strategy/policies.yml": "x", PATH: "old"}, made)
    assert set(texts) == {"strategy/policies.yml", PATH}
    made = made.without_lever(purpose="grow").without_lever(action="tv").without_price(channel="sms")
    assert made.is_empty
    assert PATH not in with_controls(texts, made)


def test_compile_applies_them(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """The objective is in force, levers multiply with the files' own, prices come on top of costs; nothing else."""
    plain = strategy.compile(acme, catalogue, offers)
    december = Season(last=date(2026, 12, 31))
    made = (
        Controls(objective="customer_growth")
        .with_lever(Lever(action="tv_basic", weight=0.5))
        .with_lever(Lever(purpose="retain", weight=1.3, season=december))
        .with_price(Price(channel="sms", eur=0.10))
        .with_price(Price(action="renewal_handset", eur=1.5))
    )
    found = strategy.compile(with_controls(acme, made), catalogue, offers)
    assert found.hash != plain.hash
    assert (found.objective, found.controls.objective) == ("customer_growth", "customer_growth")
    assert found.policies.channels["sms"].cost_cents == plain.policies.channels["sms"].cost_cents + 10
    for was, now in zip(plain.actions, found.actions, strict=True):
        assert now.weight_permille == was.weight_permille * (0.5 if was.key == "tv_basic" else 1)
        assert now.cost_cents == was.cost_cents + (150 if was.key == "renewal_handset" else 0)
        pulled = (TimedWeight(season=december, weight=1.3),) if was.purpose == "retain" else ()
        assert now.timed == (*was.timed, *pulled)
        same = replace(
            now,
            value=was.value,
            weight_permille=was.weight_permille,
            timed=was.timed,
            cost_cents=was.cost_cents,
        )
        assert replace(same, needs=was.needs, conditions=was.conditions) == was


def test_another_objective_changes_values_alone(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """Conditions, words, weights and costs stay: only what a yes is worth is counted otherwise."""
    plain = strategy.compile(acme, catalogue, offers)
    found = strategy.compile(acme | {PATH: "objective: customer_growth\n"}, catalogue, offers)
    changed = [
        was.key
        for was, now in zip(plain.actions, found.actions, strict=True)
        if was.value.text != now.value.text
    ]
    assert len(changed) == len(plain.actions)
    for was, now in zip(plain.actions, found.actions, strict=True):
        assert replace(now, value=was.value) == was


def test_wrong_controls_do_not_compile(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """Every problem at its place in the document, though nobody wrote it into a folder."""
    with pytest.raises(ProblemsFound) as found:
        strategy.compile(
            acme | {PATH: "objective: growth\nlevers: [{action: tv, weight: 1}]\n"}, catalogue, offers
        )
    assert [str(problem.place) for problem in found.value.problems] == [f"{PATH}:1:12", f"{PATH}:2:19"]


def test_levers_may_not_pull_beyond_what_a_score_holds(
    acme: Files, catalogue: Catalogue, offers: Offers
) -> None:
    """Ten times ten times the urgency: said at the action, with a cure."""
    levers = "levers: [{action: churn_save, weight: 10}, {purpose: retain, weight: 10, until: 2027-01-01}]\n"
    with pytest.raises(
        ProblemsFound, match=r"may pull action `churn_save` .* times, 100 allowed; weaken a lever"
    ):
        strategy.compile(acme | {PATH: levers}, catalogue, offers)


def test_a_folder_has_no_controls(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """`check` is about a folder: there the file is a problem, and says what to do instead."""
    (problem,) = strategy.check(acme | {PATH: "objective: customer_growth\n"}, catalogue, offers)
    assert (problem.place.file, "hogar set" in problem.cure) == (PATH, True)

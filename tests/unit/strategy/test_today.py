"""`context.today`: an action's conditions and numbers know the local day, its words and all others do not."""

from __future__ import annotations

from hogar import strategy
from hogar.telco.catalogue import Catalogue

ACTION = "strategy/actions/tv_basic.yml"


def _changed(acme: dict[str, str], before: str, after: str) -> dict[str, str]:
    assert before in acme[ACTION]
    return acme | {ACTION: acme[ACTION].replace(before, after, 1)}


def test_conditions_interest_and_value_may_ask_the_day(acme: dict[str, str], catalogue: Catalogue) -> None:
    """The day is a date like any other."""
    texts = _changed(
        acme, "not household.has_tv", "not household.has_tv and context.today < date '2026-04-01'"
    )
    texts = texts | {
        ACTION: texts[ACTION].replace("value: 3.5", "value: (date '2027-01-01' - context.today) / 30")
    }
    assert strategy.check(texts, catalogue) == []


def test_words_and_audiences_may_not(acme: dict[str, str], catalogue: Catalogue) -> None:
    """What is said may be read on another day, and an audience is no decision."""
    texts = _changed(acme, "reason:", 'reason: "{{ context.today }}" #')
    said = [str(problem) for problem in strategy.check(texts, catalogue)]
    assert any(
        "`context.today` is not known in action `tv_basic`; an action's conditions know it" in one
        for one in said
    )

"""Acme's strategy is the tutorial: it compiles, its own cases hold condition by condition, its messages fit."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from hogar import expr, strategy
from hogar.strategy import cases
from hogar.strategy.cases import Case
from hogar.strategy.preview import longest_values, preview, types_of
from hogar.strategy.types import Action, Strategy
from hogar.telco.catalogue import Catalogue


@pytest.fixture(scope="module")
def compiled(catalogue: Catalogue, offers: dict[str, str], acme: dict[str, str]) -> Strategy:
    """Acme's strategy."""
    return strategy.compile(acme, catalogue, offers)


def test_it_spans_the_purposes_and_modes(compiled: Strategy) -> None:
    """About fifteen actions over all five purposes, two campaigns, four triggers."""
    assert {action.purpose for action in compiled.actions} == {"acquire", "grow", "upgrade", "retain", "care"}
    assert 15 <= len(compiled.actions) <= 20
    assert (len(compiled.campaigns), len(compiled.triggers)) == (2, 4)


def test_no_action_rests_on_what_its_recipient_may_not_know(compiled: Strategy) -> None:
    """The leak guard's labels: a traveller's bundle is the traveller's, a home plan the payer's."""
    needs = {action.key: action.needs for action in compiled.actions}
    assert needs["roaming_2gb_week"] == {"person", "nobody"}
    assert needs["home_plan_tv"] == {"payer", "nobody"}
    assert "person" in needs["renewal_handset"]
    # asked with a base rate of homes: it says nothing of any one member
    assert needs.pop("bring_number") == {"aggregate", "nobody"}
    assert all("aggregate" not in labels for labels in needs.values())


def test_the_authors_cases_hold_condition_by_condition(
    compiled: Strategy, catalogue: Catalogue, acme: dict[str, str]
) -> None:
    """An expected action passes all its conditions; an excluded one falls first at the one that the case names."""
    read = [
        case
        for path, text in acme.items()
        if path.startswith("tests/")
        for case in cases.read(path, text, compiled, catalogue)
    ]
    assert len(read) >= 30
    actions = {action.key: action for action in compiled.actions}
    kinds = {condition.kind for action in compiled.actions for condition in action.conditions}
    for expected, case in ((case.expected, case) for case in read):
        if expected.action:
            assert _first_failing(actions[expected.action], case) is None, case.name
        if expected.excluded and expected.because in kinds:
            assert _first_failing(actions[expected.excluded], case) == expected.because, case.name


def test_every_action_has_a_case(compiled: Strategy, catalogue: Catalogue, acme: dict[str, str]) -> None:
    """Each action is expected by a case of its own, and no case is a copy of another."""
    read = [
        case
        for path, text in acme.items()
        if path.startswith("tests/")
        for case in cases.read(path, text, compiled, catalogue)
    ]
    named = {case.expected.action or case.expected.excluded for case in read}
    assert named >= {action.key for action in compiled.actions}
    assert len({repr(replace(case, name="", place=None)) for case in read}) == len(read)


def test_texts_of_sms_fit_one_part(compiled: Strategy, catalogue: Catalogue) -> None:
    """In the cheap alphabet, also with the longest values."""
    types = types_of(compiled, catalogue)
    for action in compiled.actions:
        for treatment in action.treatments:
            if treatment.channel == "sms":
                said = preview(treatment, longest_values(treatment.names, types), types)
                assert said.sms is not None
                assert (said.sms.foreign, said.sms.parts_longest) == ("", 1), (action.key, said)


def test_every_treatment_speaks_both_languages(compiled: Strategy) -> None:
    """Spanish and English for every channel of every action."""
    for action in compiled.actions:
        spoken = {(each.channel, each.role, each.language) for each in action.treatments}
        assert {language for _, _, language in spoken} == {"es", "en"}
        assert len(spoken) == 2 * len({(channel, role) for channel, role, _ in spoken}), action.key


def test_payers_hear_the_price_and_users_the_benefit(compiled: Strategy) -> None:
    """Wherever a role has words of its own, who pays has some too, and they name an amount of money."""
    written = [
        (action.key, each)
        for action in compiled.actions
        for each in action.treatments
        if each.role == "financial_controller"
    ]
    own = {
        (action.key, each.channel, each.language)
        for action in compiled.actions
        for each in action.treatments
        if each.role
    }
    assert {each.role for action in compiled.actions for each in action.treatments} == {
        "", "financial_controller", "ict_agent", "consumer",
    }  # fmt: skip
    assert own == {(key, each.channel, each.language) for key, each in written}
    for key, each in written:
        assert {"action.monthly_eur", "action.saving_eur"} & set(
            each.names
        ) or each.channel == "call_centre", key


def test_nothing_is_said_of_what_a_model_thinks(compiled: Strategy) -> None:
    """No text names a score."""
    for action in compiled.actions:
        assert not any(name.startswith("score.") for t in action.treatments for name in t.names)
        assert not re.search(r"score\.", action.reason)


def _first_failing(action: Action, case: Case) -> str | None:
    known = _known(action, case)
    for condition in action.conditions:
        names = {name: position for position, name in enumerate(sorted(condition.expression.names))}
        row = [known.get(name) for name in names]
        if expr.row(condition.expression, names)(row) is not True:
            return condition.kind
    return None


def _known(action: Action, case: Case) -> Mapping[str, object]:
    facts = dict(case.offers.get(action.offering or "", {}))
    if "current_eur" in facts and "cost_eur" in facts:
        facts["extra_eur"] = float(facts["cost_eur"]) - float(facts["current_eur"])
        facts["saving_eur"] = -facts["extra_eur"]
    return (
        dict(case.values)
        | {f"action.{fact}": value for fact, value in facts.items()}
        | {f"line.has_offer('{offer}')": bool(known.get("owned")) for offer, known in case.offers.items()}
        | {f"event.{name}": value for name, value in case.event.items()}
        | {f"context.{name}": value for name, value in case.context.items()}
        | {"context.today": 20_514}  # 2026-03-02
    )

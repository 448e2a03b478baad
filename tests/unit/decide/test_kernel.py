"""Binding, bounds, decisions as values, and explanations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import numpy as np
import pytest
from kernel_homes import SCHEMA, action, ask, columns, home, kernel, line, member, proposed, reason, strategy

from hogar import decide
from hogar.decide import BindingError, ContactFact, Request
from hogar.decide.binding import CONDITIONS_MAX
from hogar.strategy.levers import TimedWeight
from hogar.strategy.season import Season


def test_a_name_that_is_not_published_is_a_binding_error() -> None:
    """A strategy that asks for an unpublished feature does not bind; the message says where, what, and the cure."""
    schema = msgspec.structs.replace(SCHEMA, person=columns("person")[1:])
    with pytest.raises(
        BindingError, match=r"strategy/actions/test\.yml:7:3: `person\.visits` is not in .*hogar build"
    ):
        decide.bind(strategy(action("a", "person.visits > 1")), schema)


def test_too_many_conditions_are_a_binding_error() -> None:
    """Conditions of one action are bounded, since a code has room for so many; at the bound all work."""
    most = action("a", *(["person.visits > 1"] * CONDITIONS_MAX))
    bound = kernel(most)
    assert proposed(ask(bound, home("H", member("A", visits=2)))[0])
    decision = ask(bound, home("H", member("A", visits=1)))[0]
    assert reason(bound, decision, "a", "A") == "eligible"
    with pytest.raises(BindingError, match=f"more than {CONDITIONS_MAX} conditions in action `a`"):
        kernel(replace(most, conditions=(*most.conditions, most.conditions[0])))


def test_more_reasons_than_a_code_has_room_for_are_a_binding_error() -> None:
    """Codes are 16 bits: a strategy with more reasons is refused, not cut."""
    many = action("a", *(["person.visits > 1"] * CONDITIONS_MAX))
    with pytest.raises(BindingError, match="split the strategy"):
        kernel(*(replace(many, key=f"a{number}") for number in range(280)))


def test_no_actions_no_proposals() -> None:
    """An empty strategy decides for everybody: nothing."""
    decisions = ask(kernel(), home("H1", member("A"), lines=[line("L")]), home("H2", member("B")))
    assert [each.proposals for each in decisions] == [(), ()]
    assert decide.explain(decisions.kernel, decisions[0]).excluded == ()


def test_no_households_no_decisions() -> None:
    """A batch of nobody is decided, and empty: the last piece of a campaign may be."""
    bound = kernel(
        action("a", "person.visits > 1"), action("h", scope="household"), action("l", scope="line")
    )
    assert list(ask(bound)) == []


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_household_without_members_gets_nothing_and_disturbs_nobody(place: int) -> None:
    """Whoever has moved out, an empty household has no recipient; those beside it in the batch are decided as ever."""
    everything = [
        action("h", scope="household", roles=["consumer"]),
        action("i", "household.adults > 1", scope="household"),
    ]
    bound = kernel(*everything)
    homes = [home("H1", member("A"), adults=5), home("H2", member("B"), member("C"), adults=5)]
    expected = {each.household: each.encode() for each in ask(bound, *homes)}
    homes.insert(place, home("H0", adults=5))
    for decision in ask(bound, *homes):
        if decision.household == "H0":
            assert decision.proposals == ()
            assert reason(bound, decision, "h", "H0") == "no_recipient"
        else:
            assert decision.encode() == expected[decision.household]


def test_a_household_without_members_alone() -> None:
    """An empty household by itself is decided too."""
    bound = kernel(action("h", scope="household"))
    assert ask(bound, home("H0"))[0].proposals == ()


def test_a_household_without_lines() -> None:
    """Actions for lines have nothing to be about; the others work."""
    bound = kernel(action("l", "line.data > 1", scope="line"), action("p"))
    decision = ask(bound, home("H", member("A")))[0]
    assert proposed(decision) == [("p", "A", "A", "sms")]
    assert decision.codes_line == b""


def test_channels_that_nobody_knows_are_no_channels() -> None:
    """A request through channels without a policy, or through none, ends without proposals."""
    bound = kernel(action("a"))
    for channels in ((), ("pigeon",)):
        decision = ask(bound, home("H", member("A")), channels=channels)[0]
        assert reason(bound, decision, "a", "A") == "no_treatment"


@pytest.mark.parametrize(
    "value", [1e300, -1e300, 5e-324, 1.7976931348623157e308, -0.0, float("inf"), float("-inf")]
)
def test_absurd_values_decide_alike_in_both_engines(value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers at the ends of what float64 holds break nothing, and rows and frames agree."""
    bound = kernel(
        action("a", "person.shade > 3", "person.shade * person.shade > 0"), action("b", value="person.shade"),
        action("c", interest="person.shade"), action("d", "person.shade = 0"), action("e", "person.shade + 1 > 0"),
    )  # fmt: skip
    by_row = ask(bound, home("H", member("A", shade=value)))[0]
    monkeypatch.setattr("hogar.decide.inputs.SUBJECTS_BY_ROW_MAX", 0)
    assert ask(bound, home("H", member("A", shade=value)))[0].encode() == by_row.encode()


def test_a_decision_says_what_it_was_made_from() -> None:
    """Strategy, profile, membership and model versions, moment, mode and objective stand in every decision."""
    decision = ask(kernel(action("a")), home("H", member("A"), lines=[line("L")]), mode="inbound")[0]
    assert (decision.strategy, decision.profile, decision.membership, decision.models) == (
        "strategy-1", "profile-1", "membership-1", "models-1",
    )  # fmt: skip
    assert (decision.at, decision.mode, decision.objective) == (
        "2026-03-02T10:00:00+00:00",
        "inbound",
        "value",
    )
    assert (decision.persons, decision.lines) == (("A",), ("L",))


def test_a_decision_is_read_back_from_its_bytes() -> None:
    """Encoding and decoding lose nothing; bytes that are no decision are refused."""
    decision = ask(kernel(action("a"), action("b", "person.visits > 3")), home("H", member("A")))[0]
    assert decide.decode_decision(decision.encode()) == decision
    for data in (b"", b"\xc0", decision.encode()[:-1], msgspec.msgpack.encode({"household": 1})):
        with pytest.raises(msgspec.DecodeError):
            decide.decode_decision(data)


def test_requests_and_contacts_survive_their_bytes() -> None:
    """What `replay` reads back of a situation is what was gathered."""
    request = Request(channels=("sms",), event={"stay": 3, "country": None}, context={"reason": "plans"})
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(request), type=Request) == request
    fact = ContactFact(person=1, channel="sms", kind="contact", message_class="marketing", days_ago=0.1)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(fact), type=ContactFact) == fact


def test_another_strategy_s_kernel_does_not_explain() -> None:
    """Codes mean something only under the strategy that gave them."""
    decision = ask(kernel(action("a")), home("H", member("A")))[0]
    other = decide.bind(replace(strategy(action("a")), hash="strategy-2"), SCHEMA)
    with pytest.raises(ValueError, match="another strategy"):
        decide.explain(other, decision)


def test_explanations_are_data_and_read_well() -> None:
    """An exclusion names action, scope, subject, stage, reason, words and place; as text it is one sentence."""
    bound = kernel(action("a", "person.visits > 3"), action("b", modes=("inbound",)), action("c"))
    decision = ask(bound, home("H", member("A", visits=1)))[0]
    explained = decide.explain(bound, decision)
    (fallen,) = explained.excluded
    assert (fallen.action, fallen.scope, fallen.subject) == ("a", "person", "A")
    assert (fallen.stage, fallen.reason, fallen.source) == (
        "eligibility",
        "eligible",
        "strategy/actions/a.yml:10:1",
    )
    assert str(fallen) == "a for person A: eligible: person.visits > 3 (strategy/actions/a.yml:10:1)"
    assert explained.not_asked == 1
    assert explained.proposals == decision.proposals


def test_an_author_s_own_words_are_the_reason() -> None:
    """Where a condition says why it stands, the explanation says it so."""
    plain = action("a", "person.visits > 3")
    worded = replace(
        plain, conditions=(replace(plain.conditions[0], because="too few visits", kind="suitable"),)
    )
    bound = kernel(worded)
    decision = ask(bound, home("H", member("A", visits=1)))[0]
    (fallen,) = decide.explain(bound, decision).excluded
    assert (fallen.reason, fallen.because) == ("suitable", "too few visits")


def test_a_cost_below_nothing_is_refused() -> None:
    """Selection counts on it that a larger probability never scores less; gains belong into the value."""
    with pytest.raises(BindingError, match="below 0"):
        kernel(action("a", cost_cents=-1))


def test_levers_stronger_than_a_score_has_room_for_are_refused() -> None:
    """Whoever lays a strategy out by hand meets the bound that the compiler keeps; the largest value fits below it."""
    timed = tuple(TimedWeight(season=Season(first=date(2026, 1, 1)), weight=10.0) for _ in range(2))
    kernel(replace(action("a"), weight_permille=1000, timed=timed))
    for wrong in ({"weight_permille": 1001}, {"weight_permille": -1}, {"timed": (*timed, timed[0])}):
        with pytest.raises(BindingError, match="may pull action `a`"):
            kernel(replace(action("a"), **{"weight_permille": 1000, "timed": timed, **wrong}))


def test_house_reasons_are_whole_sentences_of_known_stages() -> None:
    """Every reason of the house has a code of its own, a stage that exists, and words."""
    stages = {stage.__name__ for stage in decide.STAGES}
    names = [name for name, _, _ in decide.HOUSE_REASONS.values()]
    assert len(names) == len(set(names))
    assert all(stage in stages and words for _, stage, words in decide.HOUSE_REASONS.values())


def test_codes_are_little_endian_numbers_by_subject_then_action() -> None:
    """The packed codes are read without the kernel: two bytes for each action of each subject, in order."""
    bound = kernel(action("a", "person.visits > 3"), action("b"))
    decision = ask(bound, home("H", member("A", visits=9), member("B", visits=1)))[0]
    codes = np.frombuffer(decision.codes_person, dtype="<u2").reshape(2, 2)
    assert codes[0].tolist() == [0, 0]
    assert bound.reasons[codes[1, 0]].text == "person.visits > 3"
    assert bound.reasons[codes[1, 1]].name == "outranked"


def test_the_stages_are_the_documented_tuple() -> None:
    """A decision goes through eight stages, in this order."""
    assert [stage.__name__ for stage in decide.STAGES] == [
        "arms", "eligibility", "routes", "propensity", "decision_chain", "value", "arbitration", "selection",
    ]  # fmt: skip

"""How interested, how likely, worth what, and what comes first: from propensity to selection."""

from __future__ import annotations

import pytest
from kernel_homes import action, ask, channel, home, kernel, line, member, proposed, reason

from hogar.decide import decode_decision
from hogar.strategy.types import RolePriors
from hogar.telco.roles import ROLES

PRIORS = RolePriors(
    yes=dict.fromkeys(ROLES, 1.0), pass_on=0.4, holder_default=0.8, declared=0.95, adviser=0.5
)


@pytest.mark.parametrize(
    ("interest", "micro"),
    [("0.25", 250_000), ("1.7", 1_000_000), ("-3", 0), ("1 / 3", 333_333), ("2 / 3", 666_667)],
)
def test_interest_is_a_probability_in_millionths(interest: str, micro: int) -> None:
    """Interest is cut to 0..1 and rounded; nobody is asked who has none."""
    decision = ask(kernel(action("a", interest=interest)), home("H", member("A")))[0]
    assert [each.interest_micro for each in decision.proposals] == [micro] * bool(micro)


def test_unknown_interest_and_unknown_value_take_out() -> None:
    """What cannot be computed is no 0 and no guess: the candidate falls and says which of the two is missing."""
    bound = kernel(
        action("a", interest="person.shade"), action("b", value="person.shade"), action("c", interest="1 / 0"),
        action("d", value="nullif(1, 1)"),
    )  # fmt: skip
    decision = ask(bound, home("H", member("A")))[0]
    names = [reason(bound, decision, key, "A") for key in "abcd"]
    assert names == ["interest_unknown", "value_unknown", "interest_unknown", "value_unknown"]


@pytest.mark.parametrize(
    ("value", "cents"), [("12.34", 1234), ("0.1 + 0.2", 30), ("1 / 3", 33), ("900000", 90_000_000)]
)
def test_value_is_whole_cents(value: str, cents: int) -> None:
    """Euros become integer cents before anything compares them."""
    decision = ask(kernel(action("a", value=value)), home("H", member("A")))[0]
    assert decision.proposals[0].value_cents == cents


@pytest.mark.parametrize("value", ["900000.01", "1e300", "-1e300", "1e300 * 1e300"])
def test_absurd_value_takes_out(value: str) -> None:
    """More than 900,000 euros a year is no value but a mistake."""
    bound = kernel(action("a", value=value))
    assert reason(bound, ask(bound, home("H", member("A")))[0], "a", "A") == "value_unknown"


def test_no_gain_is_not_proposed() -> None:
    """What costs as much as it brings, brings nothing, or is worth less than nothing is left out."""
    bound = kernel(
        action("even", value="10", interest="0.5", cost_cents=500), action("gain", value="10", cost_cents=499),
        action("loss", value="-10"), action("none", interest="0"), proposals_max=9,
    )  # fmt: skip
    decision = ask(bound, home("H", member("A")))[0]
    assert [key for key, *_ in proposed(decision)] == ["gain"]
    assert {reason(bound, decision, key, "A") for key in ("even", "loss", "none")} == {"no_gain"}
    assert decision.proposals[0].score_microcents == 500_000 * 1000 - 499 * 1_000_000


def test_a_channel_s_cost_and_reach_choose_the_channel() -> None:
    """The dear call wins where it reaches more by more than it costs, else the cheap message."""
    channels = [channel("call", reach=0.8, cost_cents=250), channel("sms", reach=0.5, cost_cents=4)]
    small = kernel(action("a", value="10", channels=["call", "sms"]), channels=channels)
    assert proposed(ask(small, home("H", member("A")))[0]) == [("a", "A", "A", "sms")]
    large = kernel(action("a", value="100", channels=["call", "sms"]), channels=channels)
    best = ask(large, home("H", member("A")))[0].proposals[0]
    assert (best.channel, best.cost_cents, best.reach_micro) == ("call", 250, 800_000)
    assert best.score_microcents == 400_000 * 10_000 - 250 * 1_000_000


def test_weight_counts_in_the_score_only() -> None:
    """Urgency and levers weigh what is worth more now; probability and value stay as they are."""
    bound = kernel(action("a", value="10"), action("b", value="6", weight_permille=2000))
    first, second = ask(bound, home("H", member("A")))[0].proposals
    assert (first.action, first.value_cents, first.score_microcents) == ("b", 600, 600_000_000)
    assert (second.action, second.score_microcents) == ("a", 500_000_000)


def test_the_largest_score_that_a_strategy_may_have_is_exact() -> None:
    """At every bound at once (900,000 euros, urgency 10, lever 10, certain) the score is what arithmetic says."""
    bound = kernel(action("a", interest="1", value="900000", weight_permille=100_000))
    best = ask(bound, home("H", member("A")))[0].proposals[0]
    assert best.score_microcents == 1_000_000 * 90_000_000 * 100_000 // 1000


# Decision chain


def chain(bound: object, *members: object, recipient: str, **household: object) -> int:
    """P(all who must agree say yes | the recipient hears of it), in millionths."""
    decision = ask(bound, home("H", *members, **household), recipient=recipient)[0]
    return decision.proposals[0].chain_micro


def test_without_roles_needed_everybody_is_as_good() -> None:
    """An action that asks nobody's yes has a chain of 1."""
    bound = kernel(action("a", scope="household"))
    assert chain(bound, member("A", roles=0.0), recipient="A") == 1_000_000


def test_the_chain_by_hand() -> None:
    """yes x (hold + (1 - hold) x pass on x the surest other's hold), multiplied over the roles needed."""
    priors = RolePriors(
        yes=dict.fromkeys(ROLES, 0.8), pass_on=0.4, holder_default=0.8, declared=0.95, adviser=0.5
    )
    bound = kernel(action("a", scope="household", roles=["consumer", "ict_agent"]), priors=priors)
    a = member("A", roles={"consumer": 0.9, "ict_agent": 0.1})
    b = member("B", roles={"consumer": 0.2, "ict_agent": 0.7})
    c = member("C", roles={"consumer": 0.1, "ict_agent": 0.6})
    consumer, agent = 0.8 * (0.9 + 0.1 * 0.4 * 0.2), 0.8 * (0.1 + 0.9 * 0.4 * 0.7)
    assert chain(bound, a, b, c, recipient="A") == round(consumer * agent * 1e6)
    consumer, agent = 0.8 * (0.2 + 0.8 * 0.4 * 0.9), 0.8 * (0.7 + 0.3 * 0.4 * 0.6)
    assert chain(bound, a, b, c, recipient="B") == round(consumer * agent * 1e6)


def test_alone_there_is_nobody_to_pass_it_on_to() -> None:
    """A household of one says yes with what that one holds."""
    bound = kernel(action("a", roles=["consumer"]), priors=PRIORS)
    assert chain(bound, member("A", roles=0.3), recipient="A") == 300_000


def test_the_surest_other_may_hold_as_much_as_the_recipient() -> None:
    """Of two who hold a role alike each is the other's surest other."""
    bound = kernel(action("a", roles=["consumer"], scope="household"), priors=PRIORS)
    people = [member("A", roles=0.5), member("B", roles=0.5)]
    assert chain(bound, *people, recipient="A") == round((0.5 + 0.5 * 0.4 * 0.5) * 1e6)


def test_the_right_recipient_wins() -> None:
    """Who decides is asked before who pays nothing and decides nothing, wherever they stand in the household."""
    bound = kernel(action("a", scope="household", roles=["financial_controller"]), priors=PRIORS)
    decides, follows = (
        member("decides", roles={"financial_controller": 0.9}),
        member("follows", roles={"consumer": 1.0}),
    )
    for people in ((decides, follows), (follows, decides)):
        assert proposed(ask(bound, home("H", *people))[0])[0][2] == "decides"


def test_without_consent_of_the_right_one_the_next_passes_it_on() -> None:
    """Where the one who decides may not be spoken to, the other is asked, at the price of passing it on."""
    bound = kernel(action("a", scope="household", roles=["financial_controller"]), priors=PRIORS)
    household = home(
        "H", member("decides", marketing=0, roles={"financial_controller": 0.9}), member("follows", roles=0.0)
    )
    best = ask(bound, household, channels=("sms",))[0].proposals[0]
    assert (best.recipient, best.chain_micro) == ("follows", 360_000)


@pytest.mark.parametrize(
    ("role", "micro"),
    [("ict_agent", 200_000), ("salesperson", 200_000), ("financial_controller", 0), ("consumer", 0)],
)
def test_an_adviser_in_another_home_advises_and_convinces_only(role: str, micro: int) -> None:
    """Who declared an adviser can pass it on to one: for advice and persuasion, not for deciding or using."""
    bound = kernel(action("a", scope="household", roles=[role]), priors=PRIORS)
    household = home("H", member("A", roles=0.0), advised=[0])
    best = ask(bound, household)[0].proposals
    assert [each.chain_micro for each in best] == [micro] * bool(micro)


def test_an_adviser_is_the_declarer_s_and_never_makes_worse() -> None:
    """The adviser helps the member who declared one; where somebody at home is surer, that one counts."""
    bound = kernel(action("a", scope="household", roles=["ict_agent"]), priors=PRIORS)
    people = [member("A", roles=0.0), member("B", roles=0.0)]
    assert proposed(ask(bound, home("H", *people, advised=[1]))[0])[0][2] == "B"
    surer = [member("A", roles=0.0), member("B", roles={"ict_agent": 0.9})]
    assert chain(bound, *surer, recipient="A", advised=[0]) == round(0.4 * 0.9 * 1e6)


def test_another_household_s_roles_do_not_count() -> None:
    """In a batch the surest other is a member of the same household."""
    bound = kernel(action("a", scope="household", roles=["consumer"]), priors=PRIORS)
    sure = home("H2", member("C", roles=1.0), member("D", roles=1.0))
    unsure = home("H1", member("A", roles=0.1), member("B", roles=0.2))
    alone = ask(bound, unsure)[0]
    for batch in ((unsure, sure), (sure, unsure)):
        decisions = {each.household: each for each in ask(bound, *batch)}
        assert decisions["H1"].encode() == alone.encode()


# Selection


def test_the_best_route_of_each_action_in_order_of_score() -> None:
    """Proposals are the best routes of different actions, the best first, as many as are asked for."""
    bound = kernel(*(action(f"a{n}", value=str(10 + n)) for n in range(5)), proposals_max=3)
    household = home("H", member("A"), member("B"))
    assert [key for key, *_ in proposed(ask(bound, household)[0])] == ["a4", "a3", "a2"]
    assert [key for key, *_ in proposed(ask(bound, household, proposals_max=1)[0])] == ["a4"]
    assert proposed(ask(bound, household, proposals_max=0)[0]) == []
    decision = ask(bound, household)[0]
    assert reason(bound, decision, "a1", "A") == "outranked"


def test_an_action_is_proposed_once_a_household() -> None:
    """The same action for a second line or person waits, however good."""
    bound = kernel(action("a", scope="line", value="10 + line.signal"), proposals_max=5)
    lines = [line(f"L{n}", signal=n) for n in range(4)]
    decision = ask(bound, home("H", member("A"), lines=lines))[0]
    assert [subject for _, subject, *_ in proposed(decision)] == ["L3"]
    assert reason(bound, decision, "a", "L2") == "outranked"


def test_ties_go_to_the_smaller_action_then_subject_recipient_channel() -> None:
    """Where scores are alike the order is fixed: action id, subject, recipient, channel."""
    bound = kernel(action("b"), action("c"), action("d"), proposals_max=2)
    decision = ask(bound, home("H", member("A"), member("B")))[0]
    assert proposed(decision) == [("b", "A", "A", "sms"), ("c", "A", "A", "sms")]


def test_the_mode_says_how_many() -> None:
    """Without a number in the request the policies' number for the mode holds."""
    bound = kernel(action("a"), action("b"))
    bound.strategy.policies.proposals_max["triggered"] = 1
    household = home("H", member("A"))
    assert len(ask(bound, household, mode="triggered")[0].proposals) == 1
    assert len(ask(bound, household, mode="campaign")[0].proposals) == 2


def test_the_recipient_s_language_is_spoken_where_there_is_one() -> None:
    """A treatment in the recipient's language, else the first that was written; the pass-on link is the treatment's."""
    bound = kernel(action("a", pass_on=True))
    for language, spoken in (("es", "es"), ("en", "en"), ("ca", "es")):
        best = ask(bound, home("H", member("A", language=language)))[0].proposals[0]
        assert (best.language, best.pass_on) == (spoken, True)


@pytest.mark.parametrize(
    ("roles", "spoken_to"),
    [
        ({"financial_controller": 0.9, "ict_agent": 0.6}, "financial_controller"),
        ({"financial_controller": 0.6, "ict_agent": 0.9}, "ict_agent"),
        (
            {"ict_agent": 0.7, "financial_controller": 0.7},
            "financial_controller",
        ),  # the order of the six roles
        ({"financial_controller": 0.5, "consumer": 1.0}, "financial_controller"),  # everybody uses
        ({"financial_controller": 0.49, "consumer": 1.0}, "consumer"),
        ({"consumer": 0.49}, ""),
        ({"office_manager": 1.0, "consumer": 0.6}, "consumer"),  # nothing is written for the surer role
        ({}, ""),
    ],
)
def test_the_recipient_is_spoken_to_in_the_surest_role_that_has_words(
    roles: dict[str, float], spoken_to: str
) -> None:
    """From one half on; else in the plain words. What is decided carries the role."""
    bound = kernel(action("a", spoken_to=("consumer", "ict_agent", "financial_controller")))
    best = ask(bound, home("H", member("A", roles=roles)))[0].proposals[0]
    assert best.role == spoken_to


def test_a_decision_without_a_role_has_the_bytes_it_always_had() -> None:
    """What was decided before there were words for roles reads and writes as it was written."""
    bound = kernel(action("a"))
    decision = ask(bound, home("H", member("A")))[0]
    assert b"role" not in decision.encode()
    assert decode_decision(decision.encode()) == decision

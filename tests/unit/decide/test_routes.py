"""To whom and through what: leak guard, minors, unknown age, objection, consent, quiet hours, contact rules."""

from __future__ import annotations

import pytest
from kernel_homes import (
    ALL_CHANNELS,
    action,
    ask,
    channel,
    contact,
    home,
    kernel,
    line,
    member,
    proposed,
    reason,
    rule,
)

from hogar.decide import Kernel
from hogar.decide.quiet import wait_minutes
from hogar.telco.channels import CHANNELS

PRIVATE = action("private", "person.visits > 1")
CONTRACT = action("contract", "line.data > 1", scope="line")
ANYBODY = action("anybody", "person.shade is null or person.shade > 0")


def recipients(bound: Kernel, *args: object, **request: object) -> set[str]:
    """Everybody who may hear of the one action: each is asked for alone."""
    household = args[0]
    found = set()
    for each in household.members:
        decision = ask(bound, household, recipient=each.id, **request)[0]
        found |= {recipient for _, _, recipient, _ in proposed(decision)}
    return found


def test_private_data_is_heard_by_its_person_only() -> None:
    """What rests on A's visits may be said to A and to nobody else, in whatever mode."""
    bound = kernel(PRIVATE)
    household = home("H", member("A", visits=5), member("B", visits=0))
    for mode in ("inbound", "campaign", "triggered"):
        assert proposed(ask(bound, household, mode=mode)[0]) == [("private", "A", "A", "sms")]
    assert recipients(bound, household) == {"A"}
    decision = ask(bound, household, recipient="B")[0]
    assert reason(bound, decision, "private", "A") == "leak_guard"


def test_a_line_s_private_data_is_its_user_s() -> None:
    """What rests on how a line is used is for who uses it, not for who pays it."""
    bound = kernel(action("silent", "line.silent > 3", scope="line"))
    household = home("H", member("A"), member("B"), lines=[line("L", user=1, payer=0, silent=9)])
    assert recipients(bound, household) == {"B"}


def test_a_line_without_a_known_user_has_nobody_who_may_hear_its_private_data() -> None:
    """Who uses the line is unknown, so what rests on its use is said to nobody."""
    bound = kernel(action("silent", "line.silent > 3", scope="line"))
    household = home("H", member("A"), lines=[line("L", user=-1, payer=0, silent=9)])
    assert reason(bound, ask(bound, household)[0], "silent", "L") == "leak_guard"


def test_contract_facts_are_the_payer_s() -> None:
    """What stands on a line's bill is for its payer; without a known payer for nobody."""
    bound = kernel(CONTRACT)
    a, b = member("A"), member("B")
    assert recipients(bound, home("H", a, b, lines=[line("L", user=1, payer=0, data=9)])) == {"A"}
    assert recipients(bound, home("H", a, b, lines=[line("L", user=1, payer=-1, data=9)])) == set()


def test_both_labels_need_one_person_who_is_both() -> None:
    """A proposal on a line's use and bill has a recipient only where its user pays it."""
    bound = kernel(action("both", "line.silent > 3", "line.data > 1", scope="line"))
    a, b = member("A"), member("B")
    assert recipients(bound, home("H", a, b, lines=[line("L", user=1, payer=0, data=9, silent=9)])) == set()
    assert recipients(bound, home("H", a, b, lines=[line("L", user=1, payer=1, data=9, silent=9)])) == {"B"}


def test_a_household_s_contract_facts_need_a_sole_payer() -> None:
    """What the household spends may be said to who pays it all, and to nobody where several pay."""
    bound = kernel(action("spend", "household.spend > 1", scope="household"))
    a, b = member("A"), member("B")
    assert recipients(bound, home("H", a, b, payer=1, spend=50)) == {"B"}
    assert recipients(bound, home("H", a, b, payer=-1, spend=50)) == set()


@pytest.mark.parametrize(("adults", "heard"), [(1, False), (2, False), (3, False), (4, True)])
def test_an_aggregate_needs_three_other_adults(adults: int, heard: bool) -> None:
    """A household aggregate is nobody's only where three adults beside the recipient contribute to it."""
    bound = kernel(action("all", "household.adults > 0", scope="household"))
    people = [member(f"P{number}") for number in range(adults)]
    child = member("child", minor=True)
    unsure = member("unsure", minor=None)
    decision = ask(bound, home("H", *people, child, unsure, adults=adults))[0]
    assert bool(decision.proposals) is heard
    assert heard or reason(bound, decision, "all", "H") in ("leak_guard", "age_unknown")


def test_who_objects_does_not_contribute_to_an_aggregate() -> None:
    """Objection takes a person out of aggregates too: three others are left, so two contribute beside the recipient."""
    bound = kernel(action("all", "household.adults > 0", scope="household"))
    people = [member("A"), member("B"), member("C"), member("D", objects=True)]
    assert proposed(ask(bound, home("H", *people, adults=4))[0]) == []


def test_what_another_is_offered_never_puts_something_else_in_its_place() -> None:
    """A is offered the first choice or nothing, whatever B's private data make of B: never the second instead."""
    bound = kernel(
        action("first", "person.visits > 0", value="20 * person.visits"),
        action("second", "person.visits > 0", value="10"),
        rules=[rule("once", 1)],
    )
    for visits in (0, 1, 2, 3):
        household = home("H", member("A", visits=1), member("B", visits=visits))
        decision = ask(bound, household, channels=("sms",))[0]
        assert {key for key, _, recipient, _ in proposed(decision) if recipient == "A"} <= {"first"}


def test_another_s_share_of_a_household_s_room_never_puts_something_else_in_its_place() -> None:
    """Of a household's two messages B's private data may take one: A is offered `a`, then `b` or nothing, never `c`."""
    bound = kernel(
        action("for_b", "person.visits > 1", value="100", channels=["sms"]),
        action("a", "person.visits > 0", value="50", channels=["sms"]),
        action("b", "person.visits > 0", value="40", channels=["sms"]),
        action("c", "person.visits > 0", value="30", channels=["email"]),
        rules=[rule("two", 2, per="household", channels=("sms",))],
    )
    for visits in (0, 1, 2):
        decision = ask(bound, home("H", member("A", visits=1), member("B", visits=visits)))[0]
        offered = [key for key, _, recipient, _ in proposed(decision) if recipient == "A"]
        assert offered == ["a", "b", "c"][: len(offered)]


def test_a_minor_is_never_a_recipient() -> None:
    """A minor hears nothing, not even what is nobody's data or a service message."""
    bound = kernel(ANYBODY, action("service", message_class="service"))
    household = home("H", member("A"), member("child", minor=True))
    assert recipients(bound, household) == {"A"}
    alone = ask(bound, home("H", member("child", minor=True)))[0]
    assert reason(bound, alone, "anybody", "child") == "no_recipient"


def test_a_minor_s_private_data_is_nobody_s_reason() -> None:
    """What a minor does is used for nothing: the candidate falls before anybody is looked for."""
    bound = kernel(PRIVATE, action("use", "line.silent > 1", scope="line"))
    child = member("child", minor=True, visits=9)
    household = home("H", member("A"), child, lines=[line("L", user=1, payer=0, silent=9)])
    decision = ask(bound, household)[0]
    assert reason(bound, decision, "private", "child") == "minor"
    assert reason(bound, decision, "use", "L") == "minor"


def test_a_minor_s_line_is_part_of_the_payer_s_bill() -> None:
    """The bill of a minor's line is the payer's, who may hear of it."""
    bound = kernel(CONTRACT)
    household = home(
        "H", member("A"), member("child", minor=True), lines=[line("L", user=1, payer=0, data=9)]
    )
    assert recipients(bound, household) == {"A"}


def test_of_unknown_age_only_contract_facts_are_used() -> None:
    """Whoever may be a minor hears of what is paid and of what is nobody's, not of private data."""
    bound = kernel(PRIVATE, CONTRACT, ANYBODY)
    someone = member("A", minor=None, visits=9)
    decision = ask(bound, home("H", someone, lines=[line("L", data=9)]))[0]
    assert {key for key, *_ in proposed(decision)} == {"contract", "anybody"}
    assert reason(bound, decision, "private", "A") == "age_unknown"


def test_a_doubtful_member_hears_of_own_things_only() -> None:
    """Below the certainty that the policies ask for, a member hears nothing about the others."""
    bound = kernel(action("home", scope="household"), PRIVATE)
    household = home("H", member("A", membership=0.89, visits=5), member("B", membership=0.95))
    assert ("home", "H", "B", "sms") in proposed(ask(bound, household)[0])
    decision = ask(bound, household, recipient="A")[0]
    assert proposed(decision) == [("private", "A", "A", "sms")]
    assert reason(bound, decision, "home", "H") == "wrong_recipient"


def test_a_membership_that_is_no_number_is_not_certain() -> None:
    """A rule that cannot be computed excludes: an unknown membership counts as too low."""
    bound = kernel(action("home", scope="household"))
    household = home("H", member("A", membership=float("nan")), member("B"))
    assert recipients(bound, household) == {"B"}


def test_objection_takes_out_of_marketing_but_not_service() -> None:
    """Who objects gets no marketing through any channel, and still hears of service."""
    bound = kernel(ANYBODY, action("service", message_class="service"))
    decision = ask(bound, home("H", member("A", objects=True)))[0]
    assert proposed(decision) == [("service", "A", "A", "sms")]
    assert reason(bound, decision, "anybody", "A") == "objection"


def test_consent_counts_by_channel_and_not_for_service_or_inbound() -> None:
    """Marketing by sms needs consent for sms; what the customer opened, and service, do not."""
    bound = kernel(ANYBODY, action("service", message_class="service"))
    by_mail = 1 << CHANNELS.index("email")
    household = home("H", member("A", marketing=by_mail))
    decision = ask(bound, household, channels=("sms",))[0]
    assert proposed(decision) == [("service", "A", "A", "sms")]
    assert reason(bound, decision, "anybody", "A") == "no_consent"
    assert ("anybody", "A", "A", "web") in proposed(ask(bound, household, channels=("sms", "web"))[0])


def test_consent_of_one_is_not_consent_of_another() -> None:
    """Each recipient's own consent opens the route."""
    bound = kernel(action("home", scope="household"))
    household = home("H", member("A", marketing=0), member("B", marketing=ALL_CHANNELS))
    assert recipients(bound, household, channels=("sms",)) == {"B"}


def test_without_a_treatment_for_the_channels_asked_for() -> None:
    """An action that has no words for the channel falls, and says so."""
    bound = kernel(action("mail", channels=["email"]), action("mute", channels=[]))
    decision = ask(bound, home("H", member("A")), channels=("sms",))[0]
    assert reason(bound, decision, "mail", "A") == "no_treatment"
    assert reason(bound, decision, "mute", "A") == "no_treatment"


def test_who_is_in_front_of_us_is_the_only_recipient() -> None:
    """With a recipient given nobody else hears; a stranger has no route at all."""
    bound = kernel(action("home", scope="household"))
    household = home("H", member("A"), member("B"))
    assert proposed(ask(bound, household, recipient="B")[0]) == [("home", "H", "B", "sms")]
    stranger = ask(bound, household, recipient="Z")[0]
    assert reason(bound, stranger, "home", "H") == "no_recipient"


def test_a_moment_that_is_somebody_s_is_heard_by_no_other() -> None:
    """What an event leads to is said only to whom the event belongs; the others fall at the leak guard."""
    bound = kernel(action("home", scope="household"), ANYBODY)
    household = home("H", member("A"), member("B"))
    decision = ask(bound, household, mode="triggered", heard_by=("B",))[0]
    assert {recipient for _, _, recipient, _ in proposed(decision)} == {"B"}
    nobody = ask(bound, household, mode="triggered", heard_by=())[0]
    assert reason(bound, nobody, "home", "H") == "leak_guard"


def test_stopped_channels_are_not_spoken_through() -> None:
    """An operator's stop closes a channel, whatever the request asks for."""
    bound = kernel(ANYBODY)
    decision = ask(bound, home("H", member("A")), channels=("sms", "web"), stopped_channels=("sms",))[0]
    assert proposed(decision) == [("anybody", "A", "A", "web")]


def test_what_can_only_be_said_through_stopped_channels_says_so() -> None:
    """With every channel of an action stopped the reason is the stop, not that there are no words."""
    bound = kernel(ANYBODY)
    decision = ask(bound, home("H", member("A")), channels=("sms", "web"), stopped_channels=("sms", "web"))[0]
    assert reason(bound, decision, "anybody", "A") == "stopped"


# Contact rules


@pytest.mark.parametrize(("days_ago", "allowed"), [(6.99, False), (7.0, True), (7.01, True), (0.0, False)])
def test_windows_roll(days_ago: float, allowed: bool) -> None:
    """A contact counts for exactly the rule's days, to the minute, and then no longer."""
    bound = kernel(ANYBODY, rules=[rule("week", 1, 7)])
    decision = ask(
        bound, home("H", member("A")), counters=[[contact(0, days_ago=days_ago)]], channels=("sms",)
    )[0]
    assert bool(decision.proposals) is allowed
    assert allowed or reason(bound, decision, "anybody", "A") == "week"


def test_a_person_s_contacts_are_the_person_s_and_a_household_s_are_all_members() -> None:
    """A rule per person counts that person's contacts; one per household counts everybody's."""
    household = home("H", member("A"), member("B"))
    counters = [[contact(0), contact(0)]]
    by_person = kernel(ANYBODY, rules=[rule("each", 2)])
    assert {p[2] for p in proposed(ask(by_person, household, counters=counters, channels=("sms",))[0])} == {
        "B"
    }
    together = kernel(ANYBODY, rules=[rule("all", 2, per="household")])
    assert proposed(ask(together, household, counters=counters, channels=("sms",))[0]) == []


def test_only_the_rule_s_channels_and_classes_count() -> None:
    """Contacts through other channels or of another class use up nothing, and are not held back."""
    bound = kernel(
        ANYBODY,
        action("service", message_class="service"),
        rules=[rule("sms_week", 1, channels=("sms",), message_classes=("marketing",))],
    )
    person = home("H", member("A"))
    for other in (contact(0, "email"), contact(0, message_class="service"), contact(0, kind="impression")):
        assert ("anybody", "A", "A", "sms") in proposed(ask(bound, person, counters=[[other]])[0])
    decision = ask(bound, person, counters=[[contact(0)]], channels=("sms",))[0]
    assert proposed(decision) == [("service", "A", "A", "sms")]
    assert reason(bound, decision, "anybody", "A") == "sms_week"


def test_an_impression_is_no_contact_and_has_its_own_limit() -> None:
    """What is shown on our pages counts against rules about impressions only, and a message against the others."""
    bound = kernel(
        ANYBODY,
        rules=[rule("contacts", 1, 7), rule("banners", 1, 1, kind="impression", channels=("web", "app"))],
    )
    person = home("H", member("A"))
    seen = contact(0, "web", 0.5, kind="impression")
    assert proposed(ask(bound, person, counters=[[seen]])[0]) == [("anybody", "A", "A", "sms")]
    assert proposed(ask(bound, person, counters=[[contact(0)]])[0]) == [("anybody", "A", "A", "web")]
    both = ask(bound, person, counters=[[seen, contact(0)]])[0]
    assert reason(bound, both, "anybody", "A") == "banners"


def test_proposals_of_one_decision_use_up_room() -> None:
    """The room that a rule leaves is shared by all proposals of the decision."""
    actions = [action(f"a{number}", value=str(50 - number)) for number in range(4)]
    bound = kernel(*actions, rules=[rule("two", 2, per="household")], proposals_max=4)
    decision = ask(bound, home("H", member("A"), member("B")), channels=("sms",))[0]
    assert [key for key, *_ in proposed(decision)] == ["a0", "a1"]
    after = ask(bound, home("H", member("A"), member("B")), channels=("sms",), counters=[[contact(1)]])[0]
    assert [key for key, *_ in proposed(after)] == ["a0"]
    assert reason(bound, after, "a1", "A") == "outranked"


def test_a_full_person_gives_way_to_another() -> None:
    """Where one member has no room left the next best recipient is taken."""
    bound = kernel(
        action("x", scope="household", roles=["consumer"], value="9"),
        action("y", scope="household", roles=["consumer"]),
        rules=[rule("one", 1)],
    )
    household = home("H", member("A", roles=0.9), member("B", roles=0.5))
    assert proposed(ask(bound, household, channels=("sms",))[0]) == [
        ("y", "H", "A", "sms"),
        ("x", "H", "B", "sms"),
    ]


def test_another_household_s_contacts_do_not_count() -> None:
    """Each household of a batch has its own history."""
    bound = kernel(ANYBODY, rules=[rule("one", 1)])
    homes = [home("H1", member("A")), home("H2", member("B"))]
    first, second = ask(bound, *homes, counters=[[contact(0)], []], channels=("sms",))
    assert (proposed(first), bool(proposed(second))) == ([], True)


# Quiet hours


NIGHT = channel("sms", quiet_from_minute=21 * 60, quiet_until_minute=9 * 60)
NOON = channel("sms", quiet_from_minute=12 * 60, quiet_until_minute=13 * 60)
SUNDAY = channel("sms", quiet_from_minute=21 * 60, quiet_until_minute=9 * 60, quiet_days=(6,))
NEVER = channel("sms", quiet_days=(0, 1, 2, 3, 4, 5, 6))
ALWAYS = channel("sms", quiet_from_minute=540, quiet_until_minute=540)


@pytest.mark.parametrize(
    ("policy", "minute", "weekday", "expected"),
    [
        (NIGHT, 20 * 60 + 59, 0, 0),
        (NIGHT, 21 * 60, 0, 12 * 60),
        (NIGHT, 23 * 60, 0, 10 * 60),
        (NIGHT, 0, 1, 9 * 60),
        (NIGHT, 9 * 60 - 1, 1, 1),
        (NIGHT, 9 * 60, 1, 0),
        (NOON, 12 * 60 - 1, 2, 0),
        (NOON, 12 * 60, 2, 60),
        (NOON, 13 * 60, 2, 0),
        (SUNDAY, 22 * 60, 5, 2 * 60 + 24 * 60 + 9 * 60),  # Saturday night: all Sunday, then until nine
        (SUNDAY, 12 * 60, 6, 12 * 60 + 9 * 60),
        (NEVER, 600, 3, 7 * 24 * 60 + 1),  # longer than anybody may wait
        (ALWAYS, 540, 3, 0),
        (channel("sms"), 0, 6, 0),
    ],
)
def test_waiting_ends_at_the_next_allowed_minute(
    policy: object, minute: int, weekday: int, expected: int
) -> None:
    """Quiet hours may span midnight, quiet days are whole; a channel that is never allowed waits a week."""
    assert wait_minutes(policy, minute, weekday) == expected


def test_marketing_waits_no_longer_than_it_is_worth() -> None:
    """A message may wait for the channel's next allowed minute up to its life; service does not wait."""
    bound = kernel(ANYBODY, action("service", message_class="service"), channels=[NIGHT])
    person = home("H", member("A"))
    late = ask(bound, person, minute=22 * 60, wait_minutes_max=11 * 60 - 1)[0]
    assert proposed(late) == [("service", "A", "A", "sms")]
    assert reason(bound, late, "anybody", "A") == "quiet_hours"
    assert len(proposed(ask(bound, person, minute=22 * 60, wait_minutes_max=11 * 60)[0])) == 2


def test_what_the_customer_opens_is_never_silent() -> None:
    """Quiet hours are for what we send; a page that is open answers."""
    quiet = channel("web", quiet_from_minute=0, quiet_until_minute=1439, quiet_days=(0,))
    bound = kernel(ANYBODY, channels=[quiet])
    assert proposed(ask(bound, home("H", member("A")), mode="inbound")[0])


# Which reason is told


def test_the_route_that_got_furthest_says_why() -> None:
    """Of a candidate's closed routes the one that passed most tests gives the reason."""
    bound = kernel(action("home", scope="household"), rules=[rule("one", 1)])
    people = [member("A", objects=True), member("B", marketing=0), member("C")]
    decision = ask(bound, home("H", *people), channels=("sms",), counters=[[contact(2)]])[0]
    assert reason(bound, decision, "home", "H") == "one"
    decision = ask(bound, home("H", *people[:2]), channels=("sms",))[0]
    assert reason(bound, decision, "home", "H") == "no_consent"
    decision = ask(bound, home("H", people[0]), channels=("sms",))[0]
    assert reason(bound, decision, "home", "H") == "objection"

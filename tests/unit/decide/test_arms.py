"""Who is out of it: the control group, stops, the mode's actions, the event's subject, a campaign's audience."""

from __future__ import annotations

import pytest
from kernel_homes import action, ask, home, kernel, line, member, proposed, reason

from hogar.decide import control_group

ANCHORS = [f"crm:{number}" for number in range(20_000)]


@pytest.mark.parametrize("permille", [1, 50, 100, 500])
def test_the_control_group_has_about_its_share(permille: int) -> None:
    """Of 20,000 households the share in the control group is the one asked for, within four standard deviations."""
    drawn = control_group(ANCHORS, salt="one", permille=permille).mean()
    share = permille / 1000
    assert abs(drawn - share) < 4 * (share * (1 - share) / len(ANCHORS)) ** 0.5


def test_nobody_and_everybody() -> None:
    """A share of 0 takes nobody out, one of 1,000 permille everybody."""
    assert not control_group(ANCHORS, salt="one", permille=0).any()
    assert control_group(ANCHORS, salt="one", permille=1000).all()
    assert control_group([], salt="one", permille=500).shape == (0,)


def test_the_draw_sticks_to_the_anchor() -> None:
    """Neither the others in the batch nor their order matter, and a larger share keeps who was in."""
    some = control_group(ANCHORS[:100], salt="one", permille=100)
    assert (control_group(ANCHORS[:100][::-1], salt="one", permille=100)[::-1] == some).all()
    assert all(
        control_group([a], salt="one", permille=100)[0] == s for a, s in zip(ANCHORS, some, strict=False)
    )
    larger = control_group(ANCHORS[:100], salt="one", permille=200)
    assert (larger | ~some).all()


def test_another_salt_draws_anew() -> None:
    """Two salts agree no more than chance would have it."""
    one = control_group(ANCHORS, salt="one", permille=500)
    other = control_group(ANCHORS, salt="other", permille=500)
    assert abs((one == other).mean() - 0.5) < 0.02


def test_the_control_group_gets_service_but_no_marketing() -> None:
    """A household in the control group is out of marketing with everything it has, and in for service and law."""
    bound = kernel(
        action("home", scope="household"),
        action("law", message_class="legal"),
        action("line", scope="line"),
        action("service", message_class="service"),
        control_permille=1000,
    )
    decision = ask(bound, home("H", member("A"), lines=[line("L")]))[0]
    assert decision.control
    assert {key for key, *_ in proposed(decision)} == {"law", "service"}
    for key, subject in (("home", "H"), ("line", "L")):
        assert reason(bound, decision, key, subject) == "control_group"


def test_members_who_come_and_go_do_not_change_the_arm() -> None:
    """The arm hangs on the anchor: who lives there and what the household is called do not matter."""
    bound = kernel(action("a"), control_permille=500)
    anchors = [f"crm:{number}" for number in range(50)]
    before = ask(bound, *(home(f"H{a}", member("A"), anchor=a) for a in anchors))
    after = ask(bound, *(home(f"X{a}", member("B"), member("C"), anchor=a) for a in anchors))
    assert [each.control for each in before] == [each.control for each in after]
    assert {each.control for each in before} == {True, False}


def test_what_is_stopped_or_suppressed_falls_first() -> None:
    """An operator's stop and the policies' suppression take an action out, and say so."""
    bound = kernel(action("a"), action("b"), action("c"), suppressed_actions=("a",))
    decision = ask(bound, home("H", member("A")), stopped_actions=("b",))[0]
    assert [reason(bound, decision, key, "A") for key in "abc"] == ["stopped", "stopped", "proposed"]


def test_what_is_not_asked_for_is_not_looked_at() -> None:
    """Actions of another mode, or not among those that a campaign or trigger names, are not on the table."""
    bound = kernel(action("a"), action("b", modes=("inbound",)), action("c"))
    decision = ask(bound, home("H", member("A")), actions=("a", "b"))[0]
    assert [reason(bound, decision, key, "A") for key in "abc"] == ["proposed", "not_asked", "not_asked"]


def test_an_event_about_a_line_is_not_about_another_line() -> None:
    """With a line as subject, actions for other lines fall; those for persons and the household stay."""
    bound = kernel(action("home", scope="household"), action("line", scope="line"), action("person"))
    household = home("H", member("A"), lines=[line("L1"), line("L2", data=1)])
    decision = ask(bound, household, mode="triggered", subject="L2")[0]
    assert reason(bound, decision, "line", "L1") == "other_subject"
    assert {(key, subject) for key, subject, *_ in proposed(decision)} == {
        ("home", "H"),
        ("line", "L2"),
        ("person", "A"),
    }


def test_an_event_about_a_person_is_not_about_another() -> None:
    """With a person as subject, actions for others and for lines fall."""
    bound = kernel(action("home", scope="household"), action("line", scope="line"), action("person"))
    household = home("H", member("A"), member("B"), lines=[line("L")])
    decision = ask(bound, household, mode="triggered", subject="B")[0]
    assert reason(bound, decision, "person", "A") == "other_subject"
    assert reason(bound, decision, "line", "L") == "other_subject"
    assert reason(bound, decision, "person", "B") == "proposed"


def test_a_campaign_is_about_its_audience() -> None:
    """Persons outside the audience, and lines whose user is outside or unknown, are left out; the household is in."""
    bound = kernel(
        action("home", scope="household"), action("line", scope="line"), action("person"), proposals_max=9
    )
    lines = [line("L1", user=0), line("L2", user=1), line("L3", user=-1)]
    household = home("H", member("A"), member("B"), lines=lines)
    decision = ask(bound, household, audience=[[1]])[0]
    assert {(key, subject) for key, subject, *_ in proposed(decision)} == {
        ("home", "H"),
        ("person", "B"),
        ("line", "L2"),
    }
    for key, subject in (("person", "A"), ("line", "L1"), ("line", "L3")):
        assert reason(bound, decision, key, subject) == "not_in_audience"

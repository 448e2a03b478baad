"""What may be proposed: every condition, the first that fails counts, and unknown is not false."""

from __future__ import annotations

from datetime import date

import pytest
from kernel_homes import action, ask, home, kernel, line, member, offer, proposed, reason

from hogar import decide
from hogar.decide import inputs


@pytest.fixture(params=[48, 0], ids=["rows", "frame"], autouse=True)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both engines: rows for a few subjects, a frame for many."""
    monkeypatch.setattr(inputs, "SUBJECTS_BY_ROW_MAX", request.param)


def why(bound: decide.Kernel, decision: decide.Decision) -> list[str]:
    return [each.because for each in decide.explain(bound, decision).excluded]


@pytest.mark.parametrize("text", ["person.visits > 3", "person.visits > 3 * person.years"])
def test_false_and_unknown_are_told_apart(text: str) -> None:
    """A condition that is false says what was asked; one that cannot be known says that something is missing."""
    bound = kernel(action("a", text))
    false = ask(bound, home("H", member("A", visits=1, years=1)))[0]
    assert why(bound, false) == [f"eligible: {text}"]
    unknown = ask(bound, home("H", member("A", years=1)))[0]
    assert why(bound, unknown) == [f"unknown, something it reads is missing: `{text}`"]
    assert false.codes_person != unknown.codes_person


def test_the_first_condition_that_fails_counts() -> None:
    """Conditions are asked in their order: a later one that is false does not hide an earlier that is unknown."""
    bound = kernel(
        action(
            "a", "person.shade > 0", "person.visits > 3", "person.visits > person.years", "person.traveller"
        )
    )

    def position(**values: object) -> str:
        decision = ask(bound, home("H", member("A", **values)))[0]
        return decide.explain(bound, decision).excluded[0].source.rpartition("yml:")[2]

    assert position(shade=0, visits=0, years=1, traveller=False) == "10:1"
    assert position(visits=0, years=1, traveller=False) == "10:1"
    assert position(shade=1, visits=0, years=1, traveller=False) == "11:1"
    assert position(shade=1, visits=4, years=5, traveller=False) == "12:1"
    assert position(shade=1, visits=4, traveller=False) == "12:1"
    assert position(shade=1, visits=4, years=1) == "13:1"


@pytest.mark.parametrize(
    ("text", "holds", "fails"),
    [
        ("household.spend between 20 and 30", [20, 25, 30], [19.99, 30.01, None]),
        ("household.spend <> 5", [4.999, 5.001, -1e300], [5, None]),
        ("household.spend in (1, 2)", [1, 2], [0, 1.5, 3, None]),
        ("household.spend is null", [None], [0]),
        ("coalesce(household.spend, 7) = 7", [7, None], [6]),
        ("household.technology = 'adsl'", ["adsl"], ["fibre", None]),
        ("household.technology like '%e'", ["fibre", "none"], ["adsl", None]),
        ("household.fibre", [True], [False, None]),
        ("household.fibre is not true", [False, None], [True]),
        (
            "household.moved >= date '2026-01-01'",
            [date(2026, 1, 1), date(2030, 1, 1)],
            [date(2025, 12, 31), date(1960, 1, 1), None],
        ),
        ("household.moved = date '2026-01-01'", [date(2026, 1, 1)], [date(2026, 1, 2), date(2025, 12, 31)]),
    ],
)
def test_conditions_of_every_type(text: str, holds: list[object], fails: list[object]) -> None:
    """At, between and beside the constants that it names, and where unknown, a condition is what SQL says."""
    name = text[text.index("household.") + len("household.") :].split()[0].strip(",()")
    bound = kernel(action("a", text, scope="household", needs=["nobody"]))
    for value in [*holds, *fails]:
        decision = ask(bound, home("H", member("A"), **{name: value}))[0]
        assert bool(decision.proposals) is (value in holds), value


def test_constants_at_the_ends_of_the_number_line() -> None:
    """Between the largest constants that a person can write a condition is as true as anywhere else."""
    bound = kernel(action("a", "person.shade > -1e308"), action("b", "person.shade < 1e308"))
    assert {key for key, *_ in proposed(ask(bound, home("H", member("A", shade=5)))[0])} == {"a", "b"}


def test_a_line_sees_its_user_and_its_household() -> None:
    """In a line's action `person` is the line's user and `household` its household; without a user it is unknown."""
    text = "line.signal > 1 and person.shade > 2 and household.distance > 3"
    bound = kernel(action("a", text, scope="line"))
    people = [member("A", shade=0), member("B", shade=3)]
    lines = [line("L0", user=0, signal=2), line("L1", user=1, signal=2), line("L2", user=-1, signal=2)]
    decision = ask(bound, home("H", *people, lines=lines, distance=4))[0]
    assert {subject for _, subject, *_ in proposed(decision)} == {"L1"}
    assert reason(bound, decision, "a", "L0") == "eligible"
    assert sum("unknown" in each for each in why(bound, decision)) == 1


def test_facts_about_offers() -> None:
    """An action asks about its own offering; an offer without facts is not owned, and its price is unknown."""
    facts = ("not action.owned", "action.deliverable", "action.saving_eur > 0", "action.extra_eur = -10")
    bound = kernel(action("a", *facts, offering="FAM-4", scope="household", needs=["nobody"]))

    def excluded(*offers: object) -> str:
        decision = ask(bound, home("H", member("A"), offers=offers))[0]
        found = decide.explain(bound, decision).excluded
        return found[0].because if found else "proposed"

    good = {"deliverable": True, "current_cents": 3000, "cost_cents": 2000}
    assert excluded(offer("FAM-4", **good)) == "proposed"
    assert excluded(offer("FAM-4", **{**good, "owned": True})) == "eligible: not action.owned"
    assert excluded(offer("FAM-4", **{**good, "deliverable": None})).startswith("unknown")
    assert excluded(offer("FAM-4", **{**good, "cost_cents": 3000})) == "eligible: action.saving_eur > 0"
    assert excluded(offer("FAM-4", **{**good, "current_cents": None})).startswith("unknown")
    assert excluded(offer("TV", **good)).startswith("unknown")


def test_offers_that_others_own_do_not_count() -> None:
    """`line.has_offer` is about that line only."""
    bound = kernel(action("a", "not line.has_offer('TV')", scope="line", needs=["nobody"]))
    lines = [line("L0", offers=[offer("TV", owned=True)]), line("L1", offers=[offer("TV")]), line("L2")]
    decision = ask(bound, home("H", member("A"), lines=lines))[0]
    assert [reason(bound, decision, "a", each.id) for each in lines] == ["eligible", "proposed", "outranked"]


STAY, COUNTRY, HOME = "event.stay > 2", "event.country = 'MA'", "event.home"
DAY, DAYS = "event.day > date '2026-01-01'", "event.day - date '2026-01-01' > 3"


@pytest.mark.parametrize(
    ("text", "value"),
    [(STAY, 3), (STAY, 3.5), (COUNTRY, "MA"), (HOME, True), (DAY, 20_500), (DAY, 20_500.0), (DAYS, 20_500)],
)
def test_values_of_an_event(text: str, value: object) -> None:
    """An event's values are asked like published ones; a date is a number of days, whole whatever its type."""
    event = {text.partition(".")[2].split()[0]: value}
    assert proposed(ask(kernel(action("a", text)), home("H", member("A")), mode="triggered", event=event)[0])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((STAY, value) for value in (None, "3", True, float("nan"), float("inf"), 10**400)),
        *((COUNTRY, value) for value in (None, 7, True)),
        *((HOME, value) for value in (None, 1, "true")),
        *((day, value) for day in (DAY, DAYS) for value in (None, "2026-05-05", 10**12, float("nan"), True)),
    ],
    ids=lambda value: str(value)[:24],
)
def test_values_of_an_event_that_cannot_be(text: str, value: object) -> None:
    """A value of another type than declared, no finite number or no possible day is unknown, and nothing breaks."""
    bound = kernel(action("a", text))
    event = {text.partition(".")[2].split()[0]: value}
    decision = ask(bound, home("H", member("A")), mode="triggered", event=event)[0]
    assert why(bound, decision) == [f"unknown, something it reads is missing: `{text}`"]


def test_the_only_channel_asked_for_is_the_context_s() -> None:
    """`context.channel` is the channel asked for where there is one; where there are several it is unknown."""
    bound = kernel(action("a", "context.channel = 'web'"))
    assert proposed(ask(bound, home("H", member("A")), channels=("web",))[0])
    assert not proposed(ask(bound, home("H", member("A")), channels=("sms", "web"))[0])
    asked = ask(bound, home("H", member("A")), channels=("sms",), context={"channel": "web"})[0]
    assert proposed(asked)


def test_today_is_the_local_day() -> None:
    """`context.today` is the day where the customers are, beside midnight too; one home and many alike."""
    bound = kernel(action("a", "context.today <= date '2026-03-02'"))
    assert proposed(ask(bound, home("H", member("A")), weekday=0)[0])  # Monday the second
    assert not proposed(ask(bound, home("H", member("A")), weekday=1)[0])  # there it is Tuesday already
    many = ask(bound, *(home(f"H{n}", member(f"A{n}")) for n in range(9)), weekday=6)
    assert all(proposed(one) for one in many)

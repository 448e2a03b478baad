"""Do households keep their ids, and do events and history say what changed?"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hogar.errors import UsageError
from hogar.households.events import KINDS_OF_EVENTS
from hogar.households.history import Versions, versions
from hogar.households.succession import View

DAY = date(2026, 3, 2)
LATER = date(2026, 4, 2)


def view(homes: dict[str, list[str]], addresses: dict[str, str] | None = None) -> View:
    """A view by hand: the persons of each household, a person being written as its parties `a+b`."""
    persons = {"P-" + min(one.split("+")): one.split("+") for members in homes.values() for one in members}
    where = {"P-" + min(one.split("+")): home for home, members in homes.items() for one in members}
    rows = sorted((party, person) for person, parties in persons.items() for party in parties)
    return View(
        party_person=_table(party_id=[party for party, _ in rows], person_id=[person for _, person in rows]),
        membership=_table(person_id=sorted(where), household_id=[where[person] for person in sorted(where)]),
        homes=_table(person_id=list(addresses), home=list(addresses.values())) if addresses else None,
    )


def _table(**columns: list[str]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def said(found: Versions) -> list[tuple[str | None, ...]]:
    """The events in short: kind, household, person, other household, other person."""
    names = ("kind", "household_id", "person_id", "other_household_id", "other_person_id")
    return [tuple(row[name] for name in names) for row in found.events.to_pylist()]


def living(membership: pa.Table) -> dict[str, str]:
    """The household of each person."""
    return {row["person_id"]: row["household_id"] for row in membership.to_pylist()}


def applied(before: dict[str, str], events: pa.Table) -> dict[str, str]:
    """What the persons' events make of a membership, as their description says."""
    now, rows = dict(before), events.to_pylist()
    for row in rows:
        if row["kind"] == "left":
            now.pop(row["person_id"], None)
        elif row["kind"] == "recognised":
            now.pop(row["other_person_id"], None)
    for row in rows:
        if row["kind"] in ("joined", "recognised", "told_apart"):
            now[row["person_id"]] = row["household_id"]
    return now


# Ids


def test_a_household_keeps_its_id_when_its_first_member_changes() -> None:
    """Most members came from `H-b`, so it stays `H-b`, though a person before all others joined."""
    before = view({"H-b": ["b", "c"]})
    found = versions(before, view({"H-a": ["a", "b", "c"]}), day=LATER)
    assert set(living(found.membership).values()) == {"H-b"}
    assert said(found) == [("joined", "H-b", "P-a", None, None)]


def test_who_moves_out_gets_an_id_that_never_stood_for_another() -> None:
    """The household goes on under the id of the one who left; he gets one with a number."""
    before = view({"H-a": ["a", "b", "c"]})
    found = versions(before, view({"H-a": ["a"], "H-b": ["b", "c"]}), day=LATER)
    assert living(found.membership) == {"P-a": "H-a~2", "P-b": "H-a", "P-c": "H-a"}
    assert said(found) == [
        ("left", "H-a", "P-a", "H-a~2", None),
        ("joined", "H-a~2", "P-a", "H-a", None),
        ("split", "H-a~2", None, "H-a", None),
    ]


def test_an_id_of_long_ago_is_for_the_same_people_alone() -> None:
    """`H-a` ended in a merger; when its one person lives alone again, it is his again."""
    first = versions(None, view({"H-a": ["a"], "H-b": ["b", "c"]}), day=DAY)
    second = versions(
        view({"H-a": ["a"], "H-b": ["b", "c"]}),
        view({"H-a": ["a", "b", "c"]}),
        history=first.history,
        day=LATER,
    )
    assert ("merged", "H-b", None, "H-a", None) in said(second)
    again = View(party_person=view({"": ["a", "b", "c"]}).party_person, membership=second.membership)
    third = versions(
        again,
        view({"H-a": ["a"], "H-b": ["b", "c"]}),
        history=second.history,
        day=LATER + timedelta(days=30),
    )
    assert living(third.membership) == {"P-a": "H-a", "P-b": "H-b", "P-c": "H-b"}


# Events


def test_two_who_move_in_together_form_a_household() -> None:
    """One came from each side: no household was split, and neither side ends."""
    before = view({"H-a": ["a", "b", "c"], "H-d": ["d", "e", "f"]})
    found = versions(before, view({"H-a": ["a", "b"], "H-c": ["c", "f"], "H-d": ["d", "e"]}), day=LATER)
    assert ("formed", "H-c", None, None, None) in said(found)
    assert ("left", "H-a", "P-c", "H-c", None) in said(found)
    assert ("joined", "H-c", "P-f", "H-d", None) in said(found)


def test_a_new_record_of_somebody_is_no_new_member() -> None:
    """A person found under a smaller party, a double that is seen through, and one person that were two."""
    before = view({"H-b": ["b", "c"], "H-d": ["d", "e+f"]})
    found = versions(before, view({"H-a": ["a+b+c"], "H-d": ["d", "e", "f"]}), day=LATER)
    assert said(found) == [
        ("recognised", "H-b", "P-a", "H-b", "P-b"),
        ("recognised", "H-b", "P-a", "H-b", "P-c"),
        ("told_apart", "H-d", "P-f", "H-d", "P-e"),
    ]


def test_a_household_moves_when_most_of_it_do() -> None:
    """One new address of three is not yet a move; a tie is none; two are. An unknown address says nothing."""
    homes = {"H-a": ["a", "b", "c"]}
    before = view(homes, {"P-a": "old", "P-b": "old", "P-c": "old"})
    for addresses, moved in (
        ({"P-a": "new", "P-b": "old", "P-c": "old"}, False),
        ({"P-a": "new", "P-b": "old"}, False),
        ({"P-a": "new", "P-b": "new", "P-c": "old"}, True),
        ({"P-a": "new"}, True),
        (None, False),
    ):
        found = versions(before, view(homes, addresses), day=LATER)
        assert said(found) == ([("moved", "H-a", None, None, None)] if moved else []), addresses


def test_who_is_gone_left_for_nowhere() -> None:
    """A party that no source knows any more leaves; the first view of all has nothing to tell."""
    before = view({"H-a": ["a", "b"]})
    assert said(versions(before, view({"H-b": ["b"]}), day=LATER)) == [("left", "H-a", "P-a", None, None)]
    assert said(versions(None, before, day=DAY)) == []


# History


def test_history_closes_and_opens_rows() -> None:
    """Each stay is a row with its first day and the first day after it."""
    first = versions(None, view({"H-a": ["a", "b"]}), day=DAY)
    second = versions(
        view({"H-a": ["a", "b"]}), view({"H-a": ["a"], "H-b": ["b"]}), history=first.history, day=LATER
    )
    rows = [tuple(row.values()) for row in second.history.to_pylist()]
    assert rows == [("H-a", "P-a", DAY, None), ("H-a", "P-b", DAY, LATER), ("H-b", "P-b", LATER, None)]


def test_two_views_of_one_day_leave_no_row_of_no_day() -> None:
    """What is corrected on the same day never was; the day before is refused with the cure."""
    first = versions(None, view({"H-a": ["a", "b"]}), day=DAY)
    second = versions(
        view({"H-a": ["a", "b"]}), view({"H-a": ["a"], "H-b": ["b"]}), history=first.history, day=DAY
    )
    assert [row["household_id"] for row in second.history.to_pylist()] == ["H-a", "H-b"]
    with pytest.raises(UsageError, match="give a later day"):
        versions(None, view({"H-a": ["a"]}), history=second.history, day=DAY - timedelta(days=1))


# Properties

PARTIES = [f"{letter}" for letter in "abcdefghij"]


@st.composite
def views(draw: st.DrawFn) -> View:
    """Any view of some of the parties: who is one person, who lives together, who has which address."""
    known = draw(st.lists(st.sampled_from(PARTIES), unique=True, max_size=len(PARTIES)))
    groups: dict[int, list[str]] = defaultdict(list)
    for party in known:
        groups[draw(st.integers(0, 7))].append(party)
    homes: dict[int, list[str]] = defaultdict(list)
    for parties in groups.values():
        homes[draw(st.integers(0, 4))].append("+".join(parties))
    named = {f"H-{min(min(one.split('+')) for one in members)}": members for members in homes.values()}
    addresses = {f"P-{party}": draw(st.sampled_from(["x", "y", "z"])) for party in known}
    return view(named, addresses)


def _then(view_: View, found: Versions) -> View:
    """The same view with the ids that it was given."""
    return View(party_person=view_.party_person, membership=found.membership, homes=view_.homes)


@settings(max_examples=200, deadline=None)
@given(st.lists(views(), min_size=2, max_size=5))
def test_events_explain_and_history_holds(run: list[View]) -> None:
    """Over any run of views: events lead from one to the next, and everybody has one open row where he is."""
    before, history, day = None, None, DAY
    ever: dict[str, set[str]] = defaultdict(set)  # the households of each id by the day they were of
    last: dict[str, str] = {}
    for now in run:
        found = versions(before, now, history=history, day=day)
        lives = living(found.membership)
        assert lives.keys() == living(now.membership).keys()
        assert _groups(lives) == _groups(living(now.membership))
        if before is not None:
            assert applied(last, found.events) == lives
            assert set(found.events["kind"].to_pylist()) <= set(KINDS_OF_EVENTS)
            _households_explained(last, lives, found.events.to_pylist())
            new = set(lives.values()) - set(last.values())
            for name in new & ever.keys():
                members = {person for person, home in lives.items() if home == name}
                assert ever[name] <= members, "an id came back for other people"
        rows: list[dict[str, Any]] = found.history.to_pylist()
        assert {r["person_id"]: r["household_id"] for r in rows if r["valid_to"] is None} == lives
        assert sum(r["valid_to"] is None for r in rows) == len(lives)
        _intervals_apart(rows)
        for person, home in lives.items():
            ever[home].add(person)
        before, history, last, day = _then(now, found), found.history, lives, day + timedelta(days=30)


def _households_explained(last: dict[str, str], lives: dict[str, str], rows: list[dict[str, Any]]) -> None:
    """Each new household is formed or split once, and each that was merged is no more."""
    new, ended = set(lives.values()) - set(last.values()), set(last.values()) - set(lives.values())
    begun = [row["household_id"] for row in rows if row["kind"] in ("formed", "split")]
    assert sorted(begun) == sorted(new)
    merged = [row["other_household_id"] for row in rows if row["kind"] == "merged"]
    assert len(merged) == len(set(merged))
    assert set(merged) <= ended


def _groups(lives: dict[str, str]) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for person, home in lives.items():
        groups[home].add(person)
    return {frozenset(members) for members in groups.values()}


def _intervals_apart(rows: list[dict[str, Any]]) -> None:
    """The stays of one person follow each other."""
    for one, other in pairwise(rows):
        if one["person_id"] == other["person_id"]:
            assert one["valid_to"] is not None
            assert one["valid_from"] < one["valid_to"] <= other["valid_from"]


@settings(max_examples=100, deadline=None)
@given(views())
def test_nothing_changed_nothing_said(one: View) -> None:
    """The same view again gives no event, the same ids and the same history, whatever its households are called."""
    first = versions(None, one, day=DAY)
    turned = view_with_other_names(one)
    second = versions(_then(one, first), turned, history=first.history, day=LATER)
    assert len(second.events) == 0
    assert living(second.membership) == living(first.membership)
    assert second.history.equals(first.history)


def view_with_other_names(one: View) -> View:
    """The same view, its households called otherwise and its rows turned round."""
    renamed = pa.array([f"other-{home.as_py()}" for home in one.membership["household_id"]], pa.string())
    membership = one.membership.set_column(1, "household_id", renamed)
    turned = pa.array(range(len(membership) - 1, -1, -1), pa.int64())
    return View(party_person=one.party_person, membership=membership.take(turned), homes=one.homes)


@settings(max_examples=100, deadline=None)
@given(views(), views())
def test_the_order_of_rows_does_not_matter(before: View, now: View) -> None:
    """Shuffled tables give the same ids, events and history."""
    one = versions(before, now, day=LATER)
    turned = View(
        party_person=now.party_person.take(pa.array(range(len(now.party_person) - 1, -1, -1), pa.int64())),
        membership=now.membership.take(pa.array(range(len(now.membership) - 1, -1, -1), pa.int64())),
        homes=now.homes,
    )
    other = versions(before, turned, day=LATER)
    assert one.events.equals(other.events)
    assert one.history.equals(other.history)
    assert living(one.membership) == living(other.membership)


def test_who_comes_back_alone_bears_the_id_again() -> None:
    """A household that was gone and returns with the same people keeps its name; with others it does not."""
    first = versions(None, view({"H-a": ["a"], "H-b": ["b", "c"]}), day=DAY)
    gone = versions(view({"H-a": ["a"], "H-b": ["b", "c"]}), view({}), history=first.history, day=LATER)
    back = versions(
        view({}), view({"H-a": ["a"], "H-b": ["b"]}), history=gone.history, day=LATER + timedelta(days=1)
    )
    assert sorted(back.membership["household_id"].to_pylist()) == ["H-a", "H-b~2"]

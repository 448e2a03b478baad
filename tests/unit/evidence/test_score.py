"""Does the score of a market say what it should? Hand-made truths and resolutions, small enough to count by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from hogar.errors import UsageError
from hogar.evidence.score import Score

Scored = Callable[..., Score]
OFFNET = {
    "number_id": ["x1", "x2", "x4", "x2"],
    "household_id": ["F1", "F1", "F1", "F2"],
    "probability": [0.5, 0.9, 0.9, 0.49],
}


def _roles(score: Score) -> dict[str, Any]:
    return {role.role: role for role in score.roles}


def _kinds(score: Score) -> dict[str, Any]:
    return {kind.kind: kind for kind in score.kinds}


def _why(score: Score) -> dict[str, str]:
    return {missing.what: missing.why for missing in score.not_judged}


def test_households_are_judged_by_person(scored: Scored) -> None:
    """Four persons in three homes; the one who was not resolved counts as found alone, which he truly is."""
    score = scored()
    assert (score.by, score.judged, score.households, score.missing) == ("person", 4, 3, 1)
    assert (score.pair_precision, score.pair_recall, score.exact_share) == (1.0, 1.0, 1.0)
    assert (score.adjusted_rand, score.biggest_cluster, score.biggest_true) == (1.0, 2, 2)


def test_a_line_that_ended_is_not_judged(scored: Scored) -> None:
    """Line 3 ended today and has no user; one with an end to come has; PA uses 1, and not 2."""
    score = scored()
    assert (score.lines_judged, score.line_user_accuracy) == (2, 0.5)
    assert _why(score)["1 lines"] == "they had ended and have no user any more"


def test_a_line_is_matched_through_parties(scored: Scored) -> None:
    """The ids of persons say nothing: TA is PZ, TB is PA, by their parties."""
    score = scored(
        resolved={
            "party_person": {"party_id": ["a", "b"], "person_id": ["PZ", "PA"]},
            "membership": {"person_id": ["PA", "PZ"], "household_id": ["F1", "F1"]},
            "line_user": {"line_id": ["1", "2"], "person_id": ["PZ", "PA"]},
        }
    )
    assert score.line_user_accuracy == 1.0


def test_without_canonical_lines_every_line_counts(scored: Scored) -> None:
    """Who does not know which lines ended judges all of them; a line without a guess is a miss."""
    score = scored(canonical=False)
    assert (score.lines_judged, score.line_user_accuracy) == (3, pytest.approx(1 / 3))
    assert score.role_macro_f1_holder is None
    assert score.role_gain_over_holder is None
    assert "roles by holder" in _why(score)


def test_roles_are_judged_one_by_one(scored: Scored) -> None:
    """Of the persons whom the resolution knows; what is stated below one half, or not at all, is an abstention."""
    score = scored()
    roles = _roles(score)
    assert score.persons_judged == 3
    assert list(roles) == [
        "financial_controller", "legal_representative", "office_manager", "ict_agent", "salesperson", "consumer",
    ]  # fmt: skip
    money, consumer, ict = roles["financial_controller"], roles["consumer"], roles["ict_agent"]
    assert (money.held, money.stated, money.right) == (1, 2, 1)
    assert (money.precision, money.recall, money.f1) == (0.5, 1.0, pytest.approx(2 / 3))
    assert (consumer.held, consumer.stated, consumer.right, consumer.f1) == (3, 2, 2, pytest.approx(0.8))
    assert (ict.held, ict.stated, ict.precision, ict.recall, ict.f1) == (1, 0, None, 0.0, 0.0)
    assert (roles["salesperson"].held, roles["salesperson"].f1) == (0, None)
    assert score.role_macro_f1 == pytest.approx((2 / 3 + 0.8 + 0) / 3)
    assert _why(score)["roles of 1 persons"] == "the resolution knows no party of theirs"


def test_the_holder_does_everything_is_the_baseline(scored: Scored) -> None:
    """TA and TC hold lines, so each has all six roles; the mean is taken over the same roles."""
    score = scored()
    roles = _roles(score)
    assert roles["financial_controller"].f1_holder == pytest.approx(2 / 3)
    assert roles["consumer"].f1_holder == pytest.approx(0.8)
    assert roles["ict_agent"].f1_holder == 0.0
    assert score.role_macro_f1_holder == pytest.approx((2 / 3 + 0.8) / 3)
    assert score.role_gain_over_holder == pytest.approx(0)


def test_a_person_has_the_roles_of_all_its_records(scored: Scored) -> None:
    """TA was split in two: both halves' roles are hers. TB and TC were taken for one: each has the other's."""
    score = scored(
        truth={
            "membership": {
                "party_id": ["a", "a2", "b", "c"],
                "person_id": ["TA", "TA", "TB", "TC"],
                "household_id": ["H1", "H1", "H1", "H2"],
            },
        },
        resolved={
            "party_person": {"party_id": ["a", "a2", "b", "c"], "person_id": ["PA", "PA2", "PB", "PB"]},
            "membership": {"person_id": ["PA", "PA2", "PB"], "household_id": ["F1", "F1", "F2"]},
            "role": {
                "person_id": ["PA", "PA2", "PB"],
                "role": ["consumer", "financial_controller", "ict_agent"],
            },
        },
    )
    roles = _roles(score)
    assert roles["consumer"].recall == pytest.approx(1 / 3)
    assert roles["financial_controller"].f1 == 1.0
    assert (roles["ict_agent"].stated, roles["ict_agent"].precision) == (2, 0.5)


def test_the_mean_is_of_roles_that_somebody_holds(scored: Scored) -> None:
    """A role stated of one, while nobody holds it, has an F1 of 0 and stays out of the mean."""
    score = scored(resolved={"role": {"person_id": ["PA", "PA"], "role": ["salesperson", "consumer"]}})
    assert _roles(score)["salesperson"].f1 == 0.0
    assert score.role_macro_f1 == pytest.approx((0.5 + 0 + 0) / 3)


def test_members_elsewhere_are_not_looked_for_yet(scored: Scored) -> None:
    """Without the resolution's table both figures are null, and the score says so."""
    score = scored()
    assert (score.offnet_stated, score.offnet_precision, score.offnet_recall) == (None, None, None)
    assert _why(score)["members at other operators"] == "not looked for"


@pytest.mark.parametrize(("step", "why"), [("number_home", None), ("membership", "not looked for")])
def test_nobody_found_is_not_nobody_looked_for(scored: Scored, step: str, why: str | None) -> None:
    """An empty table is an answer where the report of the resolution says that somebody was looked for."""
    report = json.dumps({"steps": [{"name": step, "rows": 0, "seconds": 0.1}]})
    empty = {"number_id": pa.array([], pa.string()), "household_id": pa.array([], pa.string())}
    score = scored(resolved={"offnet": {**empty, "probability": pa.array([], pa.float64())}}, report=report)
    assert _why(score).get("members at other operators") == why
    assert score.offnet_stated == (0 if why is None else None)
    assert score.offnet_recall == (0.0 if why is None else None)


def test_members_elsewhere_are_judged_where_they_are_stated(scored: Scored) -> None:
    """x1 is right; x2 lives elsewhere; x4 is a stranger; below one half nothing is stated. x3 never talked with us."""
    score = scored(resolved={"offnet": OFFNET})
    assert (score.offnet_stated, score.offnet_precision) == (3, pytest.approx(1 / 3))
    assert (score.offnet_heard, score.offnet_recall) == (2, 0.5)
    kinds = _kinds(score)
    assert (kinds["couple"].offnet_precision, kinds["couple"].offnet_recall) == (pytest.approx(1 / 3), 1.0)
    assert (kinds["single"].offnet_precision, kinds["single"].offnet_recall) == (None, 0.0)


def test_a_second_sim_is_nobody_new(scored: Scored) -> None:
    """The number that a user of ours has elsewhere belongs to the home, but to no member whom we do not serve."""
    score = scored(
        truth={"offnet": {"number_id": ["x1"], "kind": ["second_sim"], "household_id": ["H1"]}},
        resolved={"offnet": {"number_id": ["x1"], "household_id": ["F1"], "probability": [1.0]}},
    )
    assert (score.offnet_precision, score.offnet_heard, score.offnet_recall) == (0.0, 0, None)


@pytest.mark.parametrize(("number", "right"), [("x1", 1.0), ("x2", 0.0)])
def test_a_found_home_is_the_true_one_of_most_of_its_persons(
    scored: Scored, number: str, right: float
) -> None:
    """A found home with one person each of H1 and H2 is taken for the first by id, H1, where x1 lives."""
    score = scored(
        resolved={
            "membership": {"person_id": ["PA", "PB", "PC"], "household_id": ["F2", "F1", "F2"]},
            "offnet": {"number_id": [number], "household_id": ["F2"], "probability": [1.0]},
        }
    )
    assert score.offnet_precision == right


def test_without_ties_nobody_knows_who_could_be_found(scored: Scored) -> None:
    """Precision needs no ties, recall does."""
    score = scored(resolved={"offnet": OFFNET}, tables={"tie_month": None})
    assert score.offnet_precision == pytest.approx(1 / 3)
    assert (score.offnet_heard, score.offnet_recall) == (None, None)
    assert "members at other operators found" in _why(score)


def test_each_kind_of_household_is_judged(scored: Scored) -> None:
    """The kinds that are there, the most frequent first; each with the figures of its own people and lines."""
    score = scored()
    assert [(kind.kind, kind.households, kind.judged) for kind in score.kinds] == [
        ("single", 2, 2),
        ("couple", 1, 2),
    ]
    couple, single = _kinds(score)["couple"], _kinds(score)["single"]
    assert (couple.pair_f1, single.pair_f1) == (1.0, None)
    assert (couple.lines_judged, couple.line_user_accuracy) == (2, 0.5)
    assert (single.lines_judged, single.line_user_accuracy) == (0, None)
    assert (couple.persons_judged, single.persons_judged) == (2, 1)
    assert couple.role_macro_f1 == pytest.approx((1 + 1 + 0) / 3)
    assert single.role_macro_f1 == 0.0


def test_an_older_market_is_judged_by_what_it_has(scored: Scored) -> None:
    """Only the membership is there: the rest is null, each with its reason."""
    score = scored(
        truth=dict.fromkeys(("lines", "roles", "households", "offnet")), resolved={"offnet": OFFNET}
    )
    assert score.pair_f1 == 1.0
    assert (score.line_user_accuracy, score.role_macro_f1, score.offnet_precision) == (None, None, None)
    assert (score.roles, score.kinds) == ((), ())
    assert _why(score) == {
        "line users": "the truth has no lines.parquet",
        "roles": "the truth has no roles.parquet",
        "members at other operators": "the truth has no offnet.parquet",
        "kinds of households": "the truth has no households.parquet",
    }


def test_by_party_every_record_counts(scored: Scored) -> None:
    """A person's second record that was put elsewhere is a miss by party, and outvoted by person."""
    membership = {
        "party_id": ["a", "a2", "a3", "b"],
        "person_id": ["TA", "TA", "TA", "TB"],
        "household_id": ["H1"] * 4,
    }
    found = {"party_id": ["a", "a2", "a3", "b"], "person_id": ["PA", "PA", "PX", "PB"]}
    homes = {"person_id": ["PA", "PX", "PB"], "household_id": ["F1", "F9", "F1"]}
    score = scored(
        truth={"membership": membership}, resolved={"party_person": found, "membership": homes}, by="party"
    )
    assert (score.judged, score.pair_recall, score.exact_share) == (4, 0.5, 0.0)
    assert score.persons_judged == 2


def test_of_equals_a_person_lives_in_the_first_home_by_id(scored: Scored) -> None:
    """One party of TA was put with TB into F2, the other alone into F1: F1 is where TA is looked for."""
    parties = ["a", "a2", "b"]
    score = scored(
        truth={
            "membership": {"party_id": parties, "person_id": ["TA", "TA", "TB"], "household_id": ["H1"] * 3}
        },
        resolved={
            "party_person": {"party_id": parties, "person_id": ["PA", "PX", "PB"]},
            "membership": {"person_id": ["PA", "PX", "PB"], "household_id": ["F2", "F1", "F2"]},
        },
    )
    assert (score.judged, score.pair_precision, score.pair_recall) == (2, None, 0.0)


def test_a_resolution_that_knows_nobody(scored: Scored) -> None:
    """Everybody is missing and alone; no pair was found, nobody's role or line can be right."""
    score = scored(
        resolved={
            "party_person": {"party_id": ["z"], "person_id": ["PZ"]},
            "membership": {"person_id": ["PZ"], "household_id": ["FZ"]},
            "offnet": OFFNET,
        }
    )
    assert (score.missing, score.pair_precision, score.pair_recall) == (4, None, 0.0)
    assert (score.line_user_accuracy, score.persons_judged, score.role_macro_f1) == (0.0, 0, None)
    assert (score.offnet_precision, score.offnet_recall) == (0.0, 0.0)


def test_an_empty_market_has_no_figures(scored: Scored) -> None:
    """Tables without a row: nothing is judged, nothing fails."""
    empty = ("membership", "lines", "roles", "households", "offnet")
    score = scored(
        truth={name: {column: [] for column in _columns(name)} for name in empty},
        resolved={
            "party_person": {"party_id": [], "person_id": []},
            "membership": {"person_id": [], "household_id": []},
            "line_user": {"line_id": [], "person_id": []},
            "role": {"person_id": [], "role": []},
        },
    )
    assert (score.judged, score.pair_f1, score.b_cubed_f1, score.exact_share) == (0, None, None, None)
    assert (score.line_user_accuracy, score.role_macro_f1, score.kinds) == (None, None, ())


def _columns(table: str) -> tuple[str, ...]:
    return {
        "membership": ("party_id", "person_id", "household_id"),
        "lines": ("line_id", "person_id"),
        "roles": ("person_id", "role"),
        "households": ("household_id", "kind"),
        "offnet": ("number_id", "kind", "person_id", "household_id"),
    }[table]


@pytest.mark.parametrize(
    ("where", "table", "columns", "lacking"),
    [
        ("truth", "roles", {"person_id": ["TA"], "rol": ["consumer"]}, "role"),
        ("truth", "households", {"household_id": ["H1"]}, "kind"),
        ("truth", "membership", {"party_id": ["a"], "person_id": ["TA"]}, "household_id"),
        ("truth", "offnet", {"number_id": ["x1"], "kind": ["member"]}, "household_id"),
        ("resolved", "role", {"person": ["PA"], "role": ["consumer"]}, "person_id"),
        ("resolved", "offnet", {"number_id": ["x1"], "household_id": ["F1"]}, "probability"),
        ("tables", "line", {"line_id": ["1"], "holder_party_id": ["a"]}, "ended_on"),
    ],
)
def test_a_table_without_a_column_is_named(
    scored: Scored, where: str, table: str, columns: dict[str, list[str]], lacking: str
) -> None:
    """Where, what and cure: the file, the column, and all that it needs."""
    changed: dict[str, dict[str, Any]] = {"resolved": {"offnet": OFFNET}}
    changed[where] = {**changed.get(where, {}), table: columns}
    with pytest.raises(UsageError, match=rf"{table}\.parquet: the .* lacks the column `{lacking}`; it needs"):
        scored(**changed)

"""Which feature queries can be run, and what is said of the others."""

from __future__ import annotations

import pytest

from hogar.features.query import read_query


def _said(text: str) -> str:
    return "\n".join(str(problem) for problem in read_query("features/line_x.sql", text)[1])


def test_as_of_becomes_a_parameter_and_nothing_else_changes() -> None:
    """`:as_of` is bound as DuckDB's `$as_of`; strings, comments, casts and slices that look like it stay."""
    text = "SELECT id, ':as_of' AS a, b::DATE AS b, c[1:2] AS c -- :as_of\nFROM t WHERE day < :as_of AND x >(:as_of)"
    query, problems = read_query("f.sql", text)
    assert not problems
    assert query is not None
    assert query.text == text.replace("< :as_of", "< $as_of").replace("(:as_of", "($as_of")
    assert query.columns == ("id", "a", "b", "c")
    assert query.parameters == ("as_of",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT id, FROM WHERE", "features/line_x.sql:1:"),
        ("SELECT 1 AS id; SELECT 2 AS id", "must be one SELECT"),
        ("DELETE FROM line", "must be one SELECT"),
        ("SELECT line_id FROM line", "the first column is `id`"),
        ("SELECT * FROM line", "name every column"),
        ("SELECT line_id AS id, count(*) FROM line GROUP BY 1", "name every column"),
        ("SELECT line_id AS id, 1 AS a, 2 AS a FROM line", "gives the column `a` twice"),
        ("SELECT line_id AS id, today() AS a FROM line", "write `:as_of`"),
        ("SELECT line_id AS id, current_date AS a FROM line", "write `:as_of`"),
        ("SELECT line_id AS id, random() AS a FROM line", "draws by chance"),
        ("SELECT line_id AS id\nFROM line WHERE started_on < :as_off",
         ":2:30: `:as_off` is not given; did you mean `as_of`?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_cure(text: str, said: str) -> None:
    """A query that cannot be a feature's is refused in the author's words."""
    assert said in _said(text)

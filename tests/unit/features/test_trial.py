"""Queries that cannot run are found without data, each at its line and column and with a cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from hogar.features import check_features

YML = "owner: CRM\nwhose: payer\nfeatures:\n  a:\n    type: number\n    help: what it is\n"


def _said(folder: Path, text: str, **more: str) -> str:
    (folder / "features").mkdir()
    files = {"line_x.sql": text, "line_x.yml": YML} | {
        name.replace("__", "."): body for name, body in more.items()
    }
    for name, body in files.items():
        (folder / "features" / name).write_text(body, encoding="utf-8")
    return "\n".join(map(str, check_features(folder)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT line_id AS id,\n  max(nosuch) AS a FROM top_up GROUP BY 1",
         "features/line_x.sql:2:7: there is no column `nosuch` here"),
        ("SELECT line_id AS id, 'é' || max(amount_cnts) AS a\nFROM top_up GROUP BY 1",
         ":1:34: there is no column `amount_cnts` here; did you mean `amount_cents`?"),
        ("SELECT line_id AS id, 1 AS a\nFROM top_upp", ":2:6: there is no table `top_upp`; did you mean `top_up`?"),
        ("SELECT line_id AS id, summ(cents) AS a FROM top_up GROUP BY 1",
         ":1:23: there is no function `summ`; did you mean `sum`?"),
        ("SELECT line_id AS id, max(at) AS a FROM top_up GROUP BY 1",
         ':1:29: `at` cannot stand here without quotes; write it in double quotes, `"at"`'),
        ("SELECT line_id AS id, count(*) AS a FROM top_up\nWHERE at > :as_of GROUP BY 1",
         ":2:10: `at` cannot stand here without quotes"),
        ("SELECT line_id AS id, count(*) AS a FROM top_up WHERE GROUP BY 1",
         ":1:55: `GROUP` was not expected here; something is missing after `WHERE`"),
        ("SELECT line_id AS id, count(*) AS a FROM (SELECT 1", ":1:"),
        ("SELECT line_id AS id, line_id + 1 AS a FROM top_up", "there is none for these types"),
        ("SELECT line_id AS id, kind AS a FROM line",
         "features/line_x.yml:4:3: `a` is described as a number, its column is String"),
        ("SELECT line_id AS id, b.probability AS a FROM line_home AS b",
         "there is no column `probability` here"),
    ],
)  # fmt: skip
def test_what_duckdb_would_refuse_is_said_in_its_place(tmp_path: Path, text: str, said: str) -> None:
    """Unknown columns, tables and functions, the keyword `at`, what breaks off, and other types than described."""
    found = _said(tmp_path, text)
    assert said in found, found
    assert "sqlglot" not in found


def test_later_queries_see_earlier_features_and_the_views_of_a_build(tmp_path: Path) -> None:
    """What `compute` gives a query is there: features of lines, `line_home`, `unprofiled`, the households' tables."""
    text = "SELECT user_id AS id, max(f.a) AS b FROM line_home JOIN line_features AS f ON f.id = line_id\n"
    text += "WHERE user_id NOT IN (FROM unprofiled) AND user_id IN (SELECT person_id FROM role) GROUP BY 1"
    fine = 'SELECT line_id AS id, count(*) AS a FROM top_up WHERE "at" < :as_of GROUP BY 1'
    assert _said(tmp_path, fine, person_y__sql=text, person_y__yml=YML.replace("  a:", "  b:")) == ""


def test_one_broken_query_does_not_make_others_look_broken(tmp_path: Path) -> None:
    """Where some features cannot be read, a query over features is not held against it."""
    text = "SELECT user_id AS id, max(f.a) AS b FROM line_home JOIN line_features AS f ON f.id = line_id GROUP BY 1"
    found = _said(
        tmp_path, "SELECT line_id AS id, FROM", person_y__sql=text, person_y__yml=YML.replace("  a:", "  b:")
    )
    assert "person_y" not in found, found

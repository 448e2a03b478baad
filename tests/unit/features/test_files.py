"""The catalogue in `features/*.yml`, held against the queries beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hogar.errors import ProblemsFound
from hogar.features import check_features, load_catalogue, read_catalogue, save_catalogue

SQL = "SELECT line_id AS id, kind FROM line"
YML = "owner: CRM\nwhose: payer\nfeatures:\n  kind:\n    type: text\n    help: what it is\n"


def _project(folder: Path, **files: str) -> Path:
    (folder / "features").mkdir()
    for name, text in files.items():
        (folder / "features" / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def test_a_catalogue_has_every_column_with_what_its_file_says(tmp_path: Path) -> None:
    """Entity from the file's name, owner and whose from the top of the file, full names by entity."""
    project = _project(tmp_path, line_contract__sql=SQL, line_contract__yml=YML)
    feature = read_catalogue(project).features["line.kind"]
    assert (feature.entity, feature.type, feature.whose, feature.owner) == ("line", "text", "payer", "CRM")
    assert feature.file == "features/line_contract.sql"
    assert feature.purposes == ("marketing", "care")


def test_all_problems_are_found_at_once_with_their_places(tmp_path: Path) -> None:
    """Misspelt fields, missing and surplus descriptions and lone files are all reported, each with a place."""
    project = _project(
        tmp_path,
        line_a__sql="SELECT line_id AS id, kind, started_on FROM line",
        line_a__yml="ownr: CRM\nfeatures:\n  kindd:\n    type: txt\n    help: x\n"
        "  kind:\n    type: text\n    help: x\n",
        line_b__sql=SQL,
        orphan__yml=YML,
        thing__sql=SQL.replace("kind", "kind AS k"),
        thing__yml=YML.replace("kind:", "k:"),
        offers__sql="SELECT 1 AS scope",
    )
    said = [str(problem) for problem in check_features(project)]
    for wanted in (
        "features/line_a.yml:1:1: unknown field `ownr`",
        "features/line_a.yml:3:3: `kindd` is no column of `line_a.sql`; did you mean `kind`?",
        "features/line_a.yml:4:11: `txt` is not a type; did you mean `text`?",
        "the column `started_on` of `line_a.sql` is not described",
        "features/line_b.sql:1:1: is not described; write `line_b.yml` beside it",
        "features/orphan.yml:1:1: has no `orphan.sql` beside it",
        "`thing` does not say of which entity it speaks",
        "features/offers.sql:1:1: gives other columns than it must",
    ):
        assert any(wanted in line for line in said), (wanted, said)
    with pytest.raises(ProblemsFound):
        read_catalogue(project)


def test_a_name_is_defined_once(tmp_path: Path) -> None:
    """Two files may not define the same feature."""
    project = _project(tmp_path, line_a__sql=SQL, line_a__yml=YML, line_b__sql=SQL, line_b__yml=YML)
    assert [
        "`line.kind` is defined in features/line_a.sql too" in str(p) for p in check_features(project)
    ] == [True]


def test_a_catalogue_survives_being_kept(tmp_path: Path) -> None:
    """What a step's folder keeps is what was read."""
    catalogue = read_catalogue(_project(tmp_path, line_a__sql=SQL, line_a__yml=YML))
    save_catalogue(tmp_path, catalogue)
    assert load_catalogue(tmp_path) == catalogue


def test_the_template_has_no_problem() -> None:
    """Acme's own features are described without a fault, and have the names that its strategy uses."""
    project = Path(__file__).parents[3] / "src" / "hogar" / "templates" / "acme"
    assert check_features(project) == []
    names = read_catalogue(project).features
    for wanted in ("household.spend_band_eur", "person.trip_days_usual", "line.commitment_days_left"):
        assert wanted in names

"""`models/*.yml`: what is read, and what is said of what is wrong."""

from __future__ import annotations

from pathlib import Path

from hogar.build.models import check_models, read_models
from hogar.telco.catalogue import Catalogue, Feature

ACME = Path(__file__).parents[3] / "src" / "hogar" / "templates" / "acme"
CATALOGUE = Catalogue.of(
    [
        Feature(entity="line", name="tenure_months", type="number"),
        Feature(entity="household", name="open_complaints", type="number", whose="aggregate"),
    ]
)
TARGET = "SELECT line_id AS id, ended_on <= :as_of + :horizon_days AS label FROM line"
MODEL = "entity: line\ntarget: models/target.sql\nhorizon_days: 90\nfeatures: [line.tenure_months]\n"


def _project(folder: Path, model: str = MODEL, target: str = TARGET) -> Path:
    (folder / "models").mkdir()
    (folder / "models" / "churn.yml").write_text(model, encoding="utf-8")
    (folder / "models" / "target.sql").write_text(target, encoding="utf-8")
    return folder


def _said(project: Path) -> str:
    return "\n".join(str(problem) for problem in check_models(project, CATALOGUE))


def test_a_model_is_read_with_its_defaults(tmp_path: Path) -> None:
    """Five folds, a logistic regression, the score a person's; the target with DuckDB's parameters."""
    (spec,) = read_models(_project(tmp_path), CATALOGUE)
    assert (spec.name, spec.folds, spec.learner, spec.whose, spec.horizon_days) == (
        "churn",
        5,
        "logistic",
        "person",
        90,
    )
    assert spec.target == TARGET.replace(":as_of", "$as_of").replace(":horizon", "$horizon")


def test_quarters_are_four_folds(tmp_path: Path) -> None:
    """`validation: quarters` holds each quarter back once; other words are refused."""
    assert read_models(_project(tmp_path, MODEL + "validation: quarters\n"))[0].folds == 4


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    """Unknown fields, features, learners, targets; labels that do not flow; each with its place."""
    project = _project(
        tmp_path,
        "entity: line\ntarget: models/targt.sql\nlearner: logistc\nfolds: 3\nvalidation: halves\nfeatures:\n"
        "  - line.tenure_month\n  - household.open_complaints\n  - line.tenure_month\n",
    )
    said = _said(project)
    for wanted in (
        "models/churn.yml:2:9: `models/targt.sql` is no `.sql` file of the project's folder `models`",
        "did you mean `models/target.sql`?",
        "models/churn.yml:3:10: `logistc` is not a learner; did you mean `logistic`?",
        "models/churn.yml:4:1: unknown field `folds`",
        "models/churn.yml:5:13: `halves` is not a validation",
        "models/churn.yml:7:5: `line.tenure_month` is not a feature; did you mean `line.tenure_months`?",
        "models/churn.yml:8:5: `household.open_complaints` rests on other people's data (aggregate)",
        "models/churn.yml:9:5: `line.tenure_month` stands twice",
        "models/target.sql:1:1: is the target of no model",
    ):  # fmt: skip
        assert wanted in said, (wanted, said)


def test_a_target_gives_id_and_label(tmp_path: Path) -> None:
    """Other columns, and a horizon that is asked for but not given, are problems."""
    project = _project(
        tmp_path, MODEL.replace("horizon_days: 90\n", ""), TARGET.replace("AS label", "AS churned")
    )
    assert "gives other columns than `id` and `label`" in _said(project)
    assert "asks for `:horizon_days`; add `horizon_days: 90`" in _said(project)


def test_a_project_without_models_has_none(tmp_path: Path) -> None:
    """The folder may be missing."""
    assert read_models(tmp_path, CATALOGUE) == ()


def test_the_template_has_no_problem() -> None:
    """Acme's churn model is read, and rests on what its label allows."""
    from hogar.features import read_catalogue

    assert check_models(ACME, read_catalogue(ACME)) == []

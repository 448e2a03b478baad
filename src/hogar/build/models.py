"""Which models does the operator want? `models/*.yml`, read and checked against the catalogue.

Reads a project's folder `models`; returns specifications, or every problem with its place. After: `training`.
"""

from __future__ import annotations

from pathlib import Path

from hogar.errors import Place, Problem, ProblemsFound, did_you_mean
from hogar.features.query import read_query
from hogar.models import LEARNERS, ModelSpec
from hogar.models.spec import LearnerName
from hogar.strategy import documents, leaves
from hogar.strategy.documents import Document
from hogar.strategy.fields import Fields
from hogar.strategy.shapes import TEXT, Either, Field, Listed, name_of, one_of, some_of, table, whole
from hogar.telco.catalogue import ENTITIES, PURPOSES, Catalogue, Entity, Whose

FOLDER = "models"
PARAMETERS = ("as_of", "horizon_days")
TARGET_COLUMNS = ("id", "label")
FOLDS = 5
_SEEN_BY: dict[Entity, tuple[str, ...]] = {
    "household": ("household",),
    "person": ("person", "household"),
    "line": ("line", "person", "household"),
}
_WHOSE: tuple[Whose, ...] = ("person", "payer", "nobody")
_LEARNERS: tuple[LearnerName, ...] = ("logistic", "gradient_boosting")
assert set(_LEARNERS) == set(LEARNERS), "every learner can be named in a file"

_VALIDATION = table(Field("folds", whole(2, 20), "so many groups, each held back once", required=True))
MODEL = table(
    Field("entity", one_of(ENTITIES), "whose score it is", required=True),
    Field("target", TEXT, "a file of `models/` with one SELECT of `id` and `label`", required=True),
    Field("horizon_days", whole(1, 730), "so many days lie between the features and the label"),
    Field("features", Listed(item=name_of("feature"), once=True), "what it is foretold from", required=True),
    Field("learner", one_of(_LEARNERS), "how it learns"),
    Field(
        "validation",
        Either(forms=(one_of(("quarters",)), _VALIDATION)),
        "how it is judged: `quarters` or `{folds: n}`",
    ),
    Field("whose", one_of(_WHOSE), "whose data the score may rest on"),
    Field("purposes", some_of(PURPOSES), "what the score may serve"),
    Field("owner", TEXT, "who answers for it"),
    Field("help", TEXT, "what it foretells"),
    help="what is foretold, from what, and how it is judged: one file a model",
)


def read_models(project: Path, catalogue: Catalogue | None = None) -> tuple[ModelSpec, ...]:
    """The models of a project by name; none where there is no folder `models`. Raises `ProblemsFound`.

    With a catalogue the names of features are checked too.
    """
    specs, problems = _read(project, catalogue)
    if problems:
        raise ProblemsFound(problems)
    return specs


def check_models(project: Path, catalogue: Catalogue) -> list[Problem]:
    """Every problem in a project's model files; none where all is well."""
    return _read(project, catalogue)[1]


def _read(project: Path, catalogue: Catalogue | None) -> tuple[tuple[ModelSpec, ...], list[Problem]]:
    specs: list[ModelSpec] = []
    problems: list[Problem] = []
    used: set[str] = set()
    for path in sorted((project / FOLDER).glob("*.yml")):
        document = documents.read(f"{FOLDER}/{path.name}", path.read_bytes())
        spec = _model(document, path.stem, project, catalogue)
        used.add(spec.target_file)
        problems += document.problems
        specs.append(spec)
    for path in sorted((project / FOLDER).glob("*.sql")):
        if (name := f"{FOLDER}/{path.name}") not in used:
            problems.append(
                Problem(
                    place=Place(file=name),
                    what="is the target of no model",
                    cure=f"name it as `target: {name}`",
                )
            )
    return tuple(specs), problems


def _model(document: Document, name: str, project: Path, catalogue: Catalogue | None) -> ModelSpec:
    fields = Fields(document, document.root, f"model `{name}`", MODEL)
    chosen = fields.choice("entity", "an entity", ENTITIES, "line")
    entity: Entity = next(entity for entity in ENTITIES if entity == chosen)
    whose = fields.choice("whose", "an answer to whose data a score may rest on", _WHOSE, "person")
    learner = fields.choice("learner", "a learner", _LEARNERS, "logistic")
    horizon = fields.whole("horizon_days", 0) if "horizon_days" in fields else None
    target_file = fields.text("target")
    return ModelSpec(
        name=name,
        entity=entity,
        features=_features(fields, entity, next(one for one in _WHOSE if one == whose), catalogue),
        target=_target(fields, target_file, project, horizon),
        target_file=target_file,
        learner=next(one for one in _LEARNERS if one == learner),
        place=document.start,
        horizon_days=horizon,
        folds=_folds(fields),
        whose=next(one for one in _WHOSE if one == whose),
        purposes=fields.choices("purposes", "a purpose", PURPOSES, ("marketing", "care")),
        owner=fields.text("owner"),
        help=" ".join(fields.text("help").split()),
    )


def _features(fields: Fields, entity: Entity, whose: Whose, catalogue: Catalogue | None) -> tuple[str, ...]:
    names: list[str] = []
    for node in fields.elements("features"):
        name = leaves.text(fields.document, node, "a feature")
        if name is None:
            continue
        if name in names:
            fields.document.problem(node, f"`{name}` stands twice in the list")
            continue
        names.append(name)
        if catalogue is None:
            continue
        feature = catalogue.features.get(name)
        if feature is None or feature.namespace:
            fields.document.problem(
                node, f"`{name}` is not a feature", did_you_mean(name, list(catalogue.features))
            )
        elif feature.entity not in _SEEN_BY[entity]:
            seen = " and ".join(f"`{one}.`" for one in _SEEN_BY[entity])
            fields.document.problem(node, f"a model of a {entity} cannot see `{name}`", f"it sees {seen}")
        elif feature.whose == "aggregate" or (whose == "nobody" and feature.whose != "nobody"):
            fields.document.problem(
                node, f"`{name}` rests on other people's data ({feature.whose}), the score is to be {whose}'s",
                "leave it out",
            )  # fmt: skip
    return tuple(names)


def _target(fields: Fields, target_file: str, project: Path, horizon: int | None) -> str:
    """The SELECT of the target, with DuckDB's parameters."""
    document = fields.document
    path = project / target_file
    if not target_file:
        return ""
    if not target_file.startswith(f"{FOLDER}/") or path.suffix != ".sql" or not path.is_file():
        known = [f"{FOLDER}/{one.name}" for one in sorted((project / FOLDER).glob("*.sql"))]
        document.problem(fields.at("target"), f"`{target_file}` is no `.sql` file of the project's folder `models`",
                         did_you_mean(target_file, known))  # fmt: skip
        return ""
    query, problems = read_query(target_file, path.read_text(encoding="utf-8", errors="replace"), PARAMETERS)
    document.problems += problems
    if query is None:
        return ""
    if query.columns != TARGET_COLUMNS and not problems:
        place = Place(file=target_file)
        document.problem(
            place, "gives other columns than `id` and `label`", "label: true where it came to pass"
        )
    if "horizon_days" in query.parameters and horizon is None:
        document.problem(fields.place, f"`{target_file}` asks for `:horizon_days`", "add `horizon_days: 90`")
    return query.text


def _folds(fields: Fields) -> int:
    """`validation: quarters`, or `validation: {folds: n}`."""
    node = fields.node("validation")
    if node is None:
        return FOLDS
    if isinstance(node, documents.Scalar):
        return 4 if fields.choice("validation", "a validation", ("quarters",), "quarters") else FOLDS
    return fields.inner("validation", _VALIDATION).whole("folds", FOLDS)

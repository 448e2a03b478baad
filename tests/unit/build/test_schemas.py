"""What editors know of files is what the readers read: one table, held from both sides."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from schema_validator import as_editors_read, plain, refused

import hogar
from hogar import build, strategy
from hogar.app import settings_schema
from hogar.build.models import check_models, read_models
from hogar.build.schemas import EDITOR, FOLDER, KINDS, FileKind, schemas
from hogar.errors import Problem, ProblemsFound
from hogar.features import check_features, read_catalogue
from hogar.features.live_files import read_live
from hogar.models import score_features
from hogar.strategy import cases, documents
from hogar.strategy.documents import Mapping, Node, Scalar, Sequence
from hogar.strategy.shapes import Either, Listed, Named, Shape, Table
from hogar.strategy.usecases import read_usecases
from hogar.telco.catalogue import Catalogue

ACME = Path(hogar.__file__).parent / "templates/acme"
IDS = [kind.name for kind in KINDS]


@pytest.fixture(scope="module")
def acme_schemas() -> dict[str, dict[str, Any]]:
    """The schemas of the tutorial's project."""
    return schemas(ACME)


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_every_file_of_acme_fits(kind: FileKind, acme_schemas: dict[str, dict[str, Any]]) -> None:
    """Files that the readers take are taken by the schema."""
    for path in sorted(ACME.glob(kind.files)):
        assert not refused(as_editors_read(path.read_text(encoding="utf-8")), acme_schemas[kind.name]), path


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_each_schema_has_the_fields_of_the_reader_and_no_other(
    kind: FileKind, acme_schemas: dict[str, dict[str, Any]]
) -> None:
    """Each table of fields, however deep, is an object with the same names, the same of them required, all told."""
    told = {frozenset(table.names): set(table.required) for table in _tables(kind.shape)}
    written: dict[frozenset[str], set[str]] = {}
    for inner in _objects(acme_schemas[kind.name]):
        if all("description" in one for one in inner["properties"].values()):
            written[frozenset(inner["properties"])] = set(inner.get("required", ()))
            assert inner["additionalProperties"] is False
    assert written == told


def _tables(shape: Shape) -> Iterator[Table]:
    if isinstance(shape, Table):
        yield shape
        for field in shape.fields:
            assert field.help
            yield from _tables(field.shape)
    elif isinstance(shape, Listed):
        yield from _tables(shape.item)
    elif isinstance(shape, Named):
        yield from _tables(shape.value)
    elif isinstance(shape, Either):
        for form in shape.forms:
            yield from _tables(form)


def _objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            yield schema
        for inner in schema.values():
            yield from _objects(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _objects(inner)


# What is broken in form is refused by both


class Project:
    """A copy of acme, in which one file is changed at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.single = folder, folder / "single"
        shutil.copytree(ACME, folder, dirs_exist_ok=True)
        self.catalogue = Catalogue.of([*read_catalogue(folder), *score_features(read_models(folder))])
        self.texts = {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in folder.rglob("*.yml")
        }
        self.compiled = strategy.compile(self.texts, self.catalogue)

    def problems(self, file: str, text: str) -> list[Problem]:
        """What the readers say of one file's changed text."""
        if file.startswith("strategy/"):
            # Of the other actions only the keys matter here, and of other triggers and campaigns nothing.
            around = {
                path: "" if "/actions/" in path else old
                for path, old in self.texts.items()
                if "/triggers/" not in path and "/campaigns/" not in path
            }
            if "/usecases/" in file:
                found = read_usecases({file: text}, self.compiled, self.catalogue)[1]
            else:
                found = strategy.check(around | {file: text}, self.catalogue)
            return [problem for problem in found if problem.place.file == file]
        if file.startswith("tests/"):
            try:
                cases.read(file, text, self.compiled, self.catalogue)
            except ProblemsFound as found:
                return list(found.problems)
            return []
        (self.single / file).parent.mkdir(parents=True, exist_ok=True)
        (self.single / file).write_text(text, encoding="utf-8")
        if file.startswith("models/"):
            shutil.copy(self.folder / "models/churn_target.sql", self.single / "models")
            return check_models(self.single, self.catalogue)
        if "/live/" in file:
            return read_live(self.single)[1]
        shutil.copy((self.folder / file).with_suffix(".sql"), (self.single / file).parent)
        return check_features(self.single)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The copy."""
    return Project(tmp_path_factory.mktemp("acme"))


@pytest.mark.parametrize(
    "file",
    [
        "strategy/actions/home_plan_4.yml", "strategy/triggers/roaming_arrived.yml",
        "strategy/campaigns/renewals.yml", "strategy/policies.yml", "strategy/objectives.yml", "strategy/roles.yml",
        "strategy/usecases/renewals.yml", "features/line_use.yml",
        "features/live/line.yml", "models/churn.yml", "tests/roaming.yml",
    ],
)  # fmt: skip
def test_what_is_broken_in_form_is_refused_by_both(
    file: str, project: Project, acme_schemas: dict[str, dict[str, Any]]
) -> None:
    """Each field misspelt, each value in another form: where the schema refuses, the readers do; and the other way
    round wherever the readers speak of form (an unknown field, a missing one, another kind of value). A case's
    features are of the catalogue's types, which are no matter of form."""
    kind = next(kind for kind in KINDS if Path(file).match(kind.files))
    schema = acme_schemas[kind.name]
    text = project.texts[file]
    assert not project.problems(file, text)
    tried = 0
    for change, broken in _broken(text):
        said = [str(problem) for problem in project.problems(file, broken)]
        seen = refused(as_editors_read(broken), schema)
        tried += bool(seen)
        assert not seen or said, f"{change}: only the schema refuses: {seen}"
        of_features = VALUES_OF_CASES if file.startswith("tests/") else ()
        about_form = [
            line
            for line in said
            if any(words in line for words in ABOUT_FORM) and not any(words in line for words in of_features)
        ]
        assert seen or not about_form, f"{change}: only the readers refuse: {about_form}"
    assert tried >= 5


ABOUT_FORM = (
    "unknown field", " has no `", "must be a mapping", "must be a list", "must be a number", "must be text",
    "must be a whole number", "must be an expression", "must be one word", "must be `on` or `off`", "must be at ",
)  # fmt: skip


VALUES_OF_CASES = ("must be a number", "must be `on` or `off`")


def _broken(text: str) -> Iterator[tuple[str, str]]:
    """The text with one thing changed at a time: what was done, and what came of it."""
    document = documents.read("a.yml", text)
    assert document.root is not None
    for key, value in _pairs(document.root):
        name = f"{key.value} (line {key.place.line})"
        yield f"{name} misspelt", _with(text, key.index, key.end, f"{key.value}_x")
        if isinstance(value, Scalar) and value.style in ("", "'", '"'):
            yield f"{name} a mapping", _with(text, value.index, value.end, "{some: thing}")
            yield f"{name} a list of lists", _with(text, value.index, value.end, "[[a]]")
            yield f"{name} a word", _with(text, value.index, value.end, "'1 ='")


def _pairs(node: Node) -> Iterator[tuple[Scalar, Node]]:
    if isinstance(node, Mapping):
        for key, value in node.items:
            yield key, value
            yield from _pairs(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _pairs(item)


def _with(text: str, start: int, end: int, other: str) -> str:
    return text[:start] + other + text[end:]


# What a project has of its own


def test_the_projects_own_names_are_offered(acme_schemas: dict[str, dict[str, Any]]) -> None:
    """Features of a model, facts of a case, actions of a campaign: offered, and others not refused before they are."""
    features = acme_schemas["model"]["properties"]["features"]["items"]["anyOf"][0]["enum"]
    assert {"line.tenure_months", "household.spend_eur"} <= set(features)
    case = acme_schemas["cases"]["items"]["properties"]
    assert "mobile_lines" in case["household"]["properties"]
    assert "FAM-4" in case["offers"]["properties"]
    offered = schemas(ACME, ["NEW-1"])["action"]["properties"]["offering"]["anyOf"][0]["enum"]
    assert {"NEW-1", "FAM-4"} <= set(offered)
    campaign = {
        "audience": "everybody",
        "actions": ["brand_new"],
        "channels": ["sms"],
        "schedule": "0 9 * * 1",
    }
    assert not refused(campaign, acme_schemas["campaign"])
    assert refused(campaign | {"channels": ["smoke"]}, acme_schemas["campaign"])


def test_a_broken_project_still_has_schemas(tmp_path: Path) -> None:
    """Without names to offer, the form is known all the same."""
    (tmp_path / "features").mkdir()
    (tmp_path / "features/x.yml").write_text("features: {")
    found = schemas(tmp_path)
    assert set(found) == {kind.name for kind in KINDS}
    assert refused({"nonsense": 1}, found["action"])


def test_a_new_project_completes_and_checks_out_of_the_box(tmp_path: Path) -> None:
    """The editor's settings name a schema that is there for each kind of file."""
    files = build.new_project(tmp_path / "mine")
    assert EDITOR in files
    named = json.loads((tmp_path / "mine" / EDITOR).read_text(encoding="utf-8"))["yaml.schemas"]
    assert set(named.values()) == {kind.files for kind in KINDS}
    for path in named:
        assert path.startswith(f"./{FOLDER}/")
        assert json.loads((tmp_path / "mine" / path).read_text(encoding="utf-8"))["title"]


def test_the_page_lists_every_schema() -> None:
    """docs/strategy.md says which schema is for which files."""
    page = Path(__file__).parents[3] / "docs/strategy.md"
    listed = set(re.findall(r"`(\w+)\.json`", page.read_text(encoding="utf-8")))
    assert listed >= {kind.name for kind in KINDS} | {"settings"}


def test_settings_have_a_schema_of_the_same_table() -> None:
    """`hogar.toml` of acme fits; an unknown section, setting or choice does not."""
    written = tomllib.loads((ACME / "hogar.toml").read_text(encoding="utf-8"))
    schema = settings_schema()
    assert not refused(written, schema)
    assert refused(written | {"projekt": {}}, schema)
    assert refused(written | {"households": {"unit": "flat"}}, schema)
    assert refused(written | {"silos": {"x": {}}}, schema)


def test_plain_words_are_read_as_editors_read_them() -> None:
    """YAML 1.2: `no` is a text, `1e3` a number."""
    root = documents.read("a.yml", "{a: no, b: 1e3, c: '1', d: ~, e: true}").root
    assert root is not None
    assert plain(root) == {"a": "no", "b": 1000, "c": "1", "d": None, "e": True}

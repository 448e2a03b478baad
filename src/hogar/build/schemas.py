"""What do editors need to know of this project? A JSON Schema for each kind of file, and which files it is for.

Written from the tables that the readers read by, with the project's own names of features, offers and actions in
them. Reads the project's files as far as they can be read: a broken one has no names to offer. Also writes the
settings by which an editor finds the schemas.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hogar.build.models import MODEL, read_models
from hogar.errors import ProblemsFound
from hogar.features.files import FEATURES, read_catalogue
from hogar.features.live_files import LIVE
from hogar.models import score_features
from hogar.stores.durable import write_file
from hogar.strategy import documents
from hogar.strategy.actions import ACTION
from hogar.strategy.campaigns import CAMPAIGN
from hogar.strategy.cases import CASES
from hogar.strategy.documents import Document, Scalar, child
from hogar.strategy.documents import Mapping as MappingNode
from hogar.strategy.objectives import OBJECTIVES
from hogar.strategy.policies import POLICIES
from hogar.strategy.roles import ROLES_FILE
from hogar.strategy.schema import Names, schema
from hogar.strategy.shapes import Shape
from hogar.strategy.triggers import TRIGGER
from hogar.strategy.usecases import USECASE
from hogar.telco.catalogue import Feature

FOLDER = ".hogar/schemas"
EDITOR = ".vscode/settings.json"


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """One kind of file: its name, its title, the paths that are of this kind, and its form."""

    name: str
    title: str
    files: str
    shape: Shape


KINDS: tuple[FileKind, ...] = (
    FileKind(name="action", title="An action", files="strategy/actions/*.yml", shape=ACTION),
    FileKind(name="trigger", title="A trigger", files="strategy/triggers/*.yml", shape=TRIGGER),
    FileKind(name="campaign", title="A campaign", files="strategy/campaigns/*.yml", shape=CAMPAIGN),
    FileKind(name="usecase", title="A use case", files="strategy/usecases/*.yml", shape=USECASE),
    FileKind(name="policies", title="Policies", files="strategy/policies.yml", shape=POLICIES),
    FileKind(name="objectives", title="Objectives", files="strategy/objectives.yml", shape=OBJECTIVES),
    FileKind(name="roles", title="Roles", files="strategy/roles.yml", shape=ROLES_FILE),
    FileKind(name="features", title="Features", files="features/*.yml", shape=FEATURES),
    FileKind(name="live", title="Live counters", files="features/live/*.yml", shape=LIVE),
    FileKind(name="model", title="A model", files="models/*.yml", shape=MODEL),
    FileKind(name="cases", title="The authors' own cases", files="tests/*.yml", shape=CASES),
)


def schemas(project: Path, offers: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """The schema of each kind of file by its name, with the project's own names; `offers` are the catalogue's ids."""
    names = names_of_project(project, offers)
    return {kind.name: schema(kind.shape, kind.title, names) for kind in KINDS}


def write_schemas(folder: Path, found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Write schemas into a folder; their files' names."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in found.items():
        _write(folder / f"{name}.json", content)
    return sorted(f"{name}.json" for name in found)


def write_for_editors(project: Path) -> str:
    """The schemas of a new project, and the settings by which VS Code finds them; the path of these."""
    write_schemas(project / FOLDER, schemas(project))
    (project / EDITOR).parent.mkdir(exist_ok=True)
    _write(project / EDITOR, {"yaml.schemas": {f"./{FOLDER}/{kind.name}.json": kind.files for kind in KINDS}})
    return EDITOR


def names_of_project(project: Path, offers: Sequence[str] = ()) -> Names:
    """The project's own names by kind, sorted; what cannot be read offers none."""
    features = _features(project)
    actions = {path.stem: _document(project, path) for path in (project / "strategy/actions").glob("*.yml")}
    offerings = {text for document in actions.values() if (text := _text(document, "offering"))}
    policies = _document(project, project / "strategy/policies.yml")
    objectives = _document(project, project / "strategy/objectives.yml")
    names: dict[str, list[str]] = {
        "action": list(actions), "offering": list(offerings), "offer": [*offerings, *offers],
        "trigger": [path.stem for path in (project / "strategy/triggers").glob("*.yml")],
        "campaign": [path.stem for path in (project / "strategy/campaigns").glob("*.yml")],
        "language": _items(policies, "languages"), "objective": _keys(objectives, "objectives"),
        "feature": [feature.full_name for feature in features if not feature.namespace],
        "score": [feature.name for feature in features if feature.namespace == "score"],
    }  # fmt: skip
    for entity in ("household", "person", "line"):
        names[entity] = [
            feature.name for feature in features if feature.entity == entity and not feature.namespace
        ]
    return {kind: sorted(set(found)) for kind, found in names.items()}


def _write(path: Path, content: Mapping[str, Any]) -> None:
    write_file(path, f"{json.dumps(content, ensure_ascii=False, indent=1)}\n")


def _features(project: Path) -> list[Feature]:
    try:
        return [*read_catalogue(project), *score_features(read_models(project))]
    except ProblemsFound:
        return []


def _document(project: Path, path: Path) -> Document:
    name = path.relative_to(project).as_posix()
    return documents.read(name, path.read_bytes() if path.is_file() else b"")


def _text(document: Document, key: str) -> str:
    node = child(document.root, key)
    return node.value if isinstance(node, Scalar) else ""


def _items(document: Document, key: str) -> list[str]:
    node = child(document.root, key)
    items = node.items if isinstance(node, documents.Sequence) else ()
    return [item.value for item in items if isinstance(item, Scalar)]


def _keys(document: Document, key: str) -> list[str]:
    node = child(document.root, key)
    return [name.value for name, _ in node.items] if isinstance(node, MappingNode) else []

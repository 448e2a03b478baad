"""Which file is what? Paths of a project's `strategy/` folder sorted by what they hold; strays are problems."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from hogar.errors import Place, Problem, did_you_mean
from hogar.strategy.documents import Document, read

FOLDERS = ("actions", "triggers", "campaigns")
FILES = ("policies", "objectives", "roles")
PUBLISHED = "controls"
"""What only a published strategy has: see `controls`."""
USECASES = "usecases"
"""A folder that decides nothing and is no part of a strategy's name: see `usecases`."""
FILES_MAX = 20_000
_KEY = re.compile(r"[a-z][a-z0-9_]*")


@dataclass
class Layout:
    """The documents of a strategy: by key in `folders[kind]`, by name in `single`; and what is no part of it.

    Actions are many, and most of them were read before: their documents are empty until `read_action_file` fills one.
    """

    folders: dict[str, dict[str, Document]] = field(default_factory=lambda: {kind: {} for kind in FOLDERS})
    single: dict[str, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    contents: dict[str, str | bytes] = field(default_factory=dict)

    def read_action_file(self, key: str) -> Document:
        """The document of an action, read now."""
        document = read(self.folders["actions"][key].file, self.contents[key])
        self.folders["actions"][key] = document
        return document

    def documents(self) -> list[Document]:
        """All of them."""
        return [
            *self.single.values(),
            *(each for folder in self.folders.values() for each in folder.values()),
        ]


def sort_files(texts: Mapping[str, str | bytes]) -> Layout:
    """Every text below `strategy/` as a document in its place; other paths are not looked at."""
    layout = Layout()
    paths = sorted(path for path in texts if decides(path))
    if len(paths) > FILES_MAX:
        layout.problems.append(_problem("strategy", f"holds {len(paths)} files, {FILES_MAX} allowed"))
        return layout
    for path in paths:
        _place(layout, path, texts[path])
    for name in FILES:
        if name not in layout.single:
            path = f"strategy/{name}.yml"
            missing = _problem(path, "is missing", "`hogar new` writes one to start from")
            layout.single[name] = Document(file=path, text="", problems=[missing])
    if not layout.folders["actions"]:
        layout.problems.append(_problem("strategy/actions", "holds no action", "one `.yml` file an action"))
    return layout


def decides(path: str) -> bool:
    """Whether a project's file is one that decisions are made of; use cases are not."""
    parts = PurePosixPath(path).parts
    return parts[:1] == ("strategy",) and parts[1:2] != (USECASES,)


def _place(layout: Layout, path: str, content: str | bytes) -> None:
    pure = PurePosixPath(path)
    kind, key = pure.parts[1], pure.stem
    if pure.suffix != ".yml":
        named = f"call it `{pure.with_suffix('.yml').name}`"
        cure = named if pure.suffix == ".yaml" else "strategy files end in `.yml`"
        layout.problems.append(_problem(path, "is not read", cure))
    elif len(pure.parts) == 2:
        if key in FILES or key == PUBLISHED:
            layout.single[key] = read(path, content)
        else:
            known = [*(f"{name}.yml" for name in FILES), *(f"{name}/" for name in FOLDERS)]
            layout.problems.append(_problem(path, "is not a strategy file", did_you_mean(pure.name, known)))
    elif kind not in FOLDERS:
        layout.problems.append(
            _problem(path, f"`{kind}` is not a strategy folder", did_you_mean(kind, FOLDERS))
        )
    elif not _KEY.fullmatch(key):
        layout.problems.append(
            _problem(path, f"`{key}` cannot be a key", "name the file with small letters, digits and `_`")
        )
    elif key in layout.folders[kind]:
        first = layout.folders[kind][key].file
        layout.problems.append(
            _problem(path, f"`{key}` is already the key of {first}", "rename one of the files")
        )
    elif kind == "actions":
        layout.folders[kind][key] = Document(file=path, text="")
        layout.contents[key] = content
    else:
        layout.folders[kind][key] = read(path, content)


def _problem(path: str, what: str, cure: str = "") -> Problem:
    return Problem(place=Place(file=path), what=what, cure=cure)

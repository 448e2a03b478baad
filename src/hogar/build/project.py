"""How does a project start? The template's files, written into a new folder, whole or not at all."""

from __future__ import annotations

import errno
import re
import shutil
import tempfile
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from hogar.build.schemas import write_for_editors
from hogar.errors import UsageError, did_you_mean

TEMPLATES = ("acme",)


def new_project(folder: Path, *, template: str = "acme", now: str | None = None) -> list[str]:
    """Write a template's files into `folder` and return their paths relative to it.

    The folder must be new or empty. `now` takes the place of the template's [time] now. Raises `UsageError` where
    the folder is not, or there is no such template.
    """
    texts = template_texts(template)
    if now is not None:
        settings = re.sub(r'(?m)^now = "[^"]*"', f'now = "{now}"', texts["hogar.toml"].decode())
        texts |= {"hogar.toml": settings.encode()}
    return write_project(folder, texts)


def write_project(folder: Path, texts: Mapping[str, bytes]) -> list[str]:
    """Write a project's files into a new or empty `folder`, with what editors need; their paths relative to it.

    Raises `UsageError` where the folder is neither.
    """
    must_be_free(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in texts.items():
            path = aside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        written = sorted([*texts, write_for_editors(aside)])
        aside.chmod(0o755)
        aside.rename(folder)  # an empty folder gives way
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise UsageError(_taken(folder)) from None  # somebody else was quicker
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return written


def must_be_free(folder: Path) -> None:
    """Raise `UsageError` where a project's folder is neither new nor empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(_taken(folder))


def _taken(folder: Path) -> str:
    return f"{folder} is there already and not an empty folder; name a new one"


def template_texts(template: str = "acme") -> dict[str, bytes]:
    """The files of a template by path relative to the project. Raises `UsageError` where there is none of this name."""
    if template not in TEMPLATES:
        raise UsageError(f"there is no template `{template}`; {did_you_mean(template, TEMPLATES)}")
    return _texts_below(_template(template))


def own_texts() -> dict[str, bytes]:
    """What a project over an operator's own extracts begins with: its README, and a small strategy that compiles."""
    return _texts_below(_template("own"))


def _texts_below(root: Traversable) -> dict[str, bytes]:
    def read(entry: Traversable, prefix: str) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for child in entry.iterdir():
            if child.name.startswith("__"):
                continue
            name = f"{prefix}{child.name}"
            found |= read(child, f"{name}/") if child.is_dir() else {name: child.read_bytes()}
        return found

    return read(root, "")


def _template(template: str) -> Traversable:
    return resources.files("hogar") / "templates" / template

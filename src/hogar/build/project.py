"""How does a project start? The template's files, written into a new folder, whole or not at all."""

from __future__ import annotations

import errno
import re
import shutil
import tempfile
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from hogar.errors import UsageError, did_you_mean

TEMPLATES = ("acme",)


def new_project(folder: Path, *, template: str = "acme", now: str | None = None) -> list[str]:
    """Write a template's files into `folder` and return their paths relative to it.

    The folder must be new or empty. `now` takes the place of the template's [time] now. Raises `UsageError` where
    the folder is not, or there is no such template.
    """
    if template not in TEMPLATES:
        raise UsageError(f"there is no template `{template}`; {did_you_mean(template, TEMPLATES)}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(_taken(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        written = _write(template, aside)
        if now is not None:
            settings = (aside / "hogar.toml").read_text(encoding="utf-8")
            settings = re.sub(r'(?m)^now = "[^"]*"', f'now = "{now}"', settings)
            (aside / "hogar.toml").write_text(settings, encoding="utf-8")
        aside.chmod(0o755)
        aside.rename(folder)  # an empty folder gives way
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise UsageError(_taken(folder)) from None  # somebody else was quicker
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return written


def _taken(folder: Path) -> str:
    return f"{folder} is there already and not an empty folder; name a new one"


def template_texts(template: str = "acme") -> dict[str, bytes]:
    """The files of a template by path relative to the project."""
    root = _template(template)

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


def _write(template: str, target: Path) -> list[str]:
    texts = template_texts(template)
    for name, content in texts.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return sorted(texts)

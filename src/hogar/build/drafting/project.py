"""How does a project begin from an operator's own extracts? Profiled, matched, drafted as sources that run.

Reads the files of a folder; writes a project: `sources/*.sql`, `hogar.toml`, `SOURCES.md`, the template's features and
models, a small strategy of its own, and the template's as samples that nothing reads. Nothing of a person is
written. Parts: `profile`, `match`, `sql`, `report`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hogar.build.drafting.match import Feed, feeds
from hogar.build.drafting.profile import Extract, Reference, profile
from hogar.build.drafting.report import Missing, missing_tables, report
from hogar.build.drafting.spelling import one_line, toml
from hogar.build.drafting.sql import HEADERLESS, Drafted, sources_of
from hogar.build.project import must_be_free, own_texts, template_texts, write_project
from hogar.errors import UsageError
from hogar.sources.records import clean
from hogar.sources.silos import staged_name
from hogar.sources.staging import Progress

REPORT = "SOURCES.md"
SAMPLES = "samples/"
"""Where the template's strategy lies in a drafted project."""
_KEPT = ("strategy/roles.yml",)
_LEFT_OUT = ("sources/", "tests/", "hogar.toml", "README.md")


@dataclass(frozen=True, kw_only=True)
class DraftedProject:
    """What was found and drafted: extracts, which feed which table, the sources' texts, what is missing."""

    extracts: tuple[Extract, ...]
    references: tuple[Reference, ...]
    feeds: tuple[Feed, ...]
    sources: tuple[Drafted, ...]
    missing: tuple[Missing, ...]
    files: tuple[str, ...]

    @property
    def unused(self) -> tuple[str, ...]:
        """Files that feed no table."""
        fed = {feed.extract.file for feed in self.feeds}
        return tuple(one_line(extract.file) for extract in self.extracts if extract.file not in fed)


def draft_project(
    folder: Path, extracts: Path, template: str = "acme", progress: Progress = lambda _: None
) -> DraftedProject:
    """Draft a project in a new `folder` over the files of the folder `extracts`, which stay where they are.

    Raises `UsageError` where the one is taken, or the other holds no file that can be staged.
    """
    must_be_free(folder)
    if not extracts.is_dir():
        raise UsageError(
            f"{extracts}: there is no such folder; --from names the folder of the silos' extracts"
        )
    if clean(extracts.resolve().as_posix()) != extracts.resolve().as_posix():
        raise UsageError(f"{one_line(str(extracts))}: the folder's name is not UTF-8; rename it")
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside the project, where its extracts may lie as well: a copy of persons never leaves that disk.
    with tempfile.TemporaryDirectory(prefix=f".{folder.name[:40]}-draft-", dir=folder.parent) as aside:
        profiled, references = profile(extracts, Path(aside), progress)
    if not profiled:
        raise UsageError(f"{extracts}: holds no .csv, .jsonl or .parquet file")
    progress("drafting")
    fed = feeds(profiled, references)
    sources = sources_of(fed, references)
    samples = {
        name: content for name, content in template_texts(template).items() if not name.startswith(_LEFT_OUT)
    }  # fmt: skip
    drafts = {f"sources/{one.table}.sql": one.text.encode() for one in sources}
    missing = missing_tables(samples | drafts, {one.table for one in sources})
    texts = _begun(samples) | drafts
    texts["hogar.toml"] = _settings(folder, extracts, profiled).encode()
    texts[REPORT] = report(profiled, references, fed, sources, missing).encode()
    files = write_project(folder, texts)
    return DraftedProject(
        extracts=profiled,
        references=references,
        feeds=fed,
        sources=sources,
        missing=missing,
        files=tuple(files),
    )


def _begun(samples: Mapping[str, bytes]) -> dict[str, bytes]:
    """A project that compiles over any extracts: the template's strategy names a made-up operator's offers."""
    kept = (*_KEPT, "features/", "models/")
    aside = {
        f"{SAMPLES}{name}": content for name, content in samples.items()
        if name.startswith("strategy/") and name not in _KEPT
    }  # fmt: skip
    return {name: content for name, content in samples.items() if name.startswith(kept)} | aside | own_texts()


def _settings(folder: Path, extracts: Path, profiled: tuple[Extract, ...]) -> str:
    """`hogar.toml` with what the files cannot say of themselves."""
    lines = [
        "# Drafted from extracts; see SOURCES.md. What the settings mean: docs/settings.md.", "",
        "[project]", f"name = {toml(one_line(folder.resolve().name))}", 'country = "ES"', 'timezone = "Europe/Madrid"',
        'currency = "EUR"', 'language = "es"', "", "[data]", f"folder = {toml(extracts.resolve().as_posix())}",
    ]  # fmt: skip
    for extract in profiled:
        settings = extract.settings
        file = settings.files[0]
        own_name = clean(file) == file and staged_name(file) != extract.silo
        if settings.encoding == "utf-8" and settings.header and not own_name:
            continue
        lines += ["", f"[silos.{extract.silo}]", f"files = {toml(file)}"]
        lines += [f'encoding = "{settings.encoding}"'] if settings.encoding != "utf-8" else []
        lines += [f"header = false  # CHECK: {HEADERLESS}"] if not settings.header else []
    return "\n".join(lines) + "\n"

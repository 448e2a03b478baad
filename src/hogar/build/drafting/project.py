"""How does a project begin from an operator's own extracts? Profiled, matched, drafted as sources that run.

Reads the files of a folder; writes a project: `sources/*.sql`, `hogar.toml`, `SOURCES.md`, and the template's features,
models and strategy to go on from. Nothing of a person is written. Parts: `profile`, `match`, `sql`,
`report`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from hogar.build.drafting.match import Feed, feeds
from hogar.build.drafting.profile import Extract, Reference, profile
from hogar.build.drafting.report import Missing, missing_tables, report
from hogar.build.drafting.sql import Drafted, sources_of
from hogar.build.project import template_texts, write_project
from hogar.errors import UsageError

REPORT = "SOURCES.md"
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
        return tuple(extract.file for extract in self.extracts if extract.file not in fed)


def draft_project(folder: Path, extracts: Path, template: str = "acme") -> DraftedProject:
    """Draft a project in a new `folder` over the files of the folder `extracts`, which stay where they are.

    Raises `UsageError` where the one is taken, or the other holds no file that can be staged.
    """
    if not extracts.is_dir():
        raise UsageError(
            f"{extracts}: there is no such folder; --from names the folder of the silos' extracts"
        )
    profiled, references = profile(extracts)
    if not profiled:
        raise UsageError(f"{extracts}: holds no .csv, .jsonl or .parquet file")
    fed = feeds(profiled, references)
    sources = sources_of(fed, references)
    texts = {
        name: content for name, content in template_texts(template).items() if not name.startswith(_LEFT_OUT)
    }  # fmt: skip
    texts |= {f"sources/{one.table}.sql": one.text.encode() for one in sources}
    texts["hogar.toml"] = _settings(folder, extracts, profiled).encode()
    missing = missing_tables(texts, {one.table for one in sources})
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


def _settings(folder: Path, extracts: Path, profiled: tuple[Extract, ...]) -> str:
    """`hogar.toml` with what the files cannot say of themselves."""
    lines = [
        "# Drafted from extracts; see SOURCES.md. What the settings mean: docs/settings.md.", "",
        "[project]", f"name = {_quoted(folder.resolve().name)}", 'country = "ES"', 'timezone = "Europe/Madrid"',
        'currency = "EUR"', 'language = "es"', "", "[data]", f"folder = {_quoted(extracts.resolve().as_posix())}",
    ]  # fmt: skip
    for extract in profiled:
        settings = extract.settings
        if settings.encoding == "utf-8" and settings.header:
            continue
        lines += ["", f"[silos.{extract.silo}]", f"files = {_quoted(extract.file)}"]
        lines += [f'encoding = "{settings.encoding}"'] if settings.encoding != "utf-8" else []
        lines += ["header = false"] if not settings.header else []
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

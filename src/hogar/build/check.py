"""What is wrong in this project? Every problem of every file at once, each with its place and a cure.

Reads the project's files and, where the project has been built, its catalogue of offers; runs the authors' own
cases. Writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hogar import features, sources, strategy
from hogar.build.author_cases import failures
from hogar.build.models import check_models, read_models
from hogar.build.publish import known_offers
from hogar.errors import Place, Problem, ProblemsFound
from hogar.models import score_features
from hogar.strategy import cases
from hogar.telco.catalogue import Catalogue, Feature

FOLDERS = ("sources", "features", "models", "strategy", "tests")


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was looked at, and everything that is wrong."""

    files: int
    cases: int
    problems: tuple[Problem, ...]


def check(project: Path, *, ingested: Path | None = None) -> Checked:
    """Every problem in the project's files; with the folder of a finished `ingest`, offer ids are checked too."""
    problems = [*sources.check_sources(project), *features.check_features(project)]
    catalogue = _catalogue(project)
    texts = {
        path.relative_to(project).as_posix(): path.read_bytes()
        for folder in FOLDERS
        for path in sorted((project / folder).rglob("*"))
        if path.is_file() and path.suffix in (".yml", ".yaml", ".sql")
    }
    count = 0
    if catalogue is not None:
        problems += check_models(project, catalogue)
        known = Catalogue.of([*catalogue, *_scores(project)])
        offers = known_offers(ingested) if ingested is not None else None
        found = strategy.check(texts, known, offers)
        problems += found
        if not found:
            compiled = strategy.compile(texts, known, offers)
            for name in sorted(texts):
                if name.startswith("tests/"):
                    try:
                        read = cases.read(name, texts[name], compiled, known)
                    except ProblemsFound as broken:
                        problems += broken.problems
                        continue
                    count += len(read)
                    problems += failures(compiled, known, read)
    elif not problems:
        problems.append(
            Problem(place=Place(file="features"), what="there are no features", cure="see docs/features.md")
        )
    return Checked(files=len(texts), cases=count, problems=tuple(sorted(set(problems))))


def _catalogue(project: Path) -> Catalogue | None:
    """The catalogue as far as its files can be read; None where they cannot (its own check says why)."""
    try:
        return features.read_catalogue(project)
    except ProblemsFound:
        return None


def _scores(project: Path) -> list[Feature]:
    """The scores that the project's models will publish."""
    try:
        return list(score_features(read_models(project)))
    except ProblemsFound:
        return []

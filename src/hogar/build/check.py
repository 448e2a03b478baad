"""What is wrong in this project? Every problem of every file at once, each with its place and a cure; then warnings.

Problems stop a publication; warnings say what compiles and still cannot be meant. Reads the project's files and,
where the project has been built, its catalogue of offers and its published profiles; runs the authors' own cases.
Writes nothing. The findings themselves: `strategy.lint` (from the files), `base` (over the published base).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from hogar import features, sources, strategy
from hogar.build.author_cases import failures
from hogar.build.base import SAMPLE, Base, base_findings
from hogar.build.models import check_models, read_models
from hogar.build.publish import known_offers
from hogar.build.work import Progress
from hogar.errors import Place, Problem, ProblemsFound, UsageError, did_you_mean
from hogar.models import score_features
from hogar.stores.profiles import Profiles
from hogar.strategy import cases
from hogar.strategy.preview import long_messages, types_of
from hogar.strategy.types import Strategy
from hogar.strategy.usecases import read_usecases
from hogar.telco.catalogue import Catalogue, Feature

FOLDERS = ("sources", "features", "models", "strategy", "tests")
Texts = Mapping[str, bytes]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was looked at, everything that is wrong, and what may not be meant; `base` where it was looked at."""

    files: int
    cases: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    base: Base | None = None


@dataclass(frozen=True, kw_only=True)
class OnBase:
    """The base to look at: the folder of the published profiles, the moment, how many households at most.

    `progress` is told how far it is.
    """

    profiles: Path
    now: datetime
    sample: int = SAMPLE
    progress: Progress = lambda _: None


def check(
    project: Path, *, ingested: Path | None = None, on_base: OnBase | None = None, case: str | None = None
) -> Checked:
    """Every problem in the project's files, and every warning.

    With the folder of a finished `ingest` offer ids are checked too, with a base what only shows on customers. A `case`
    is run alone, by its name. Raises `UsageError` where there is no such case.
    """
    definitions, of_features = features.checked_definitions(project)
    found = [*sources.check_sources(project), *of_features]
    texts = {
        path.relative_to(project).as_posix(): path.read_bytes()
        for folder in FOLDERS
        for path in sorted((project / folder).rglob("*"))
        if path.is_file() and path.suffix in (".yml", ".yaml", ".sql")
    }
    count, base = 0, None
    if definitions is not None:
        catalogue = definitions.catalogue
        found += check_models(project, catalogue)
        gaps = features.catalogue_gaps(definitions) if case is None else []
        found += [replace(gap, severity="warning") for gap in gaps]
        known = Catalogue.of([*catalogue, *_scores(project)])
        offers = known_offers(ingested) if ingested is not None else None
        of_strategy = strategy.check(texts, known, offers)
        found += of_strategy
        if not any(problem.severity == "problem" for problem in of_strategy):
            compiled = strategy.compile(texts, known, offers)
            found += strategy.findings(compiled, texts) if case is None else []
            found += long_messages(compiled, types_of(compiled, known)) if case is None else []
            found += read_usecases(texts, compiled, known)[1]
            count = _run_cases(texts, compiled, known, case, found)
            if on_base is not None and case is None:
                base = _on_base(compiled, on_base)
                found += base.warnings
    elif not found:
        found.append(
            Problem(place=Place(file="features"), what="there are no features", cure="see docs/features.md")
        )
    return Checked(
        files=len(texts),
        cases=count,
        problems=_of(found, "problem"),
        warnings=_of(found, "warning"),
        base=base,
    )


def _of(found: Iterable[Problem], severity: str) -> tuple[Problem, ...]:
    return tuple(sorted({each for each in found if each.severity == severity}))


def _run_cases(
    texts: Texts, compiled: Strategy, known: Catalogue, only: str | None, found: list[Problem]
) -> int:
    """Run the authors' own cases, or one of them; how many there were."""
    every: list[cases.Case] = []
    for name in sorted(texts):
        if name.startswith("tests/"):
            try:
                every += cases.read(name, texts[name], compiled, known)
            except ProblemsFound as broken:
                found += broken.problems
    wanted = [each for each in every if only is None or each.name == only]
    if only is not None and not wanted and not found:
        names = [each.name for each in every]
        some = (
            f"there are {len(names)}, such as {', '.join(f'`{name}`' for name in names[:3])}" if names else ""
        )
        cure = did_you_mean(only, names) or some
        raise UsageError(f"there is no case `{only}`" + (f"; {cure}" if cure else ""))
    found += failures(compiled, known, wanted)
    return len(wanted)


def _on_base(compiled: Strategy, asked: OnBase) -> Base:
    profiles = Profiles.open(asked.profiles)
    try:
        return base_findings(compiled, profiles, asked.now, asked.sample, asked.progress)
    finally:
        profiles.close()


def _scores(project: Path) -> list[Feature]:
    """The scores that the project's models will publish."""
    try:
        return list(score_features(read_models(project)))
    except ProblemsFound:
        return []

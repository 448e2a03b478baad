"""Which files belong to which silo? Every file of the data folder with a known ending, or what the settings
name.

Takes the data folder and the settings `[silos.NAME]`; gives silos with their files in a stable order, and the
problems. After: `staging` reads the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hogar.errors import HogarError, Place, Problem

ENDINGS = (".csv", ".csv.gz", ".parquet", ".jsonl", ".jsonl.gz")


class SourcesError(HogarError):
    """The silos cannot be read."""


@dataclass(frozen=True, kw_only=True)
class SiloSettings:
    """How one silo's files are read: `[silos.NAME]` of `hogar.toml`.

    `files` are glob patterns relative to the data folder; `delimiter` None: found from the header line;
    without a `header` the columns are called `column1`, `column2`, ...
    """

    files: tuple[str, ...]
    encoding: str = "utf-8"
    delimiter: str | None = None
    header: bool = True


@dataclass(frozen=True, kw_only=True)
class Silo:
    """One staged table: its name in the sources, and the files (relative to the data folder) it comes from."""

    name: str
    settings: SiloSettings
    files: tuple[str, ...]


def find_silos(
    data: Path, settings: Mapping[str, SiloSettings]
) -> tuple[tuple[Silo, ...], tuple[Problem, ...]]:
    """The silos below `data`, by name. A file that a setting claims is not staged a second time by its path.

    A problem: a setting that matches no file, two files that would share one staged name.
    Raises `SourcesError` where there is no data folder.
    """
    if not data.is_dir():
        cure = "put the silos' files there, or name their folder by --data"
        raise SourcesError(f"there is no data folder {data}; {cure}")
    silos: dict[str, Silo] = {}
    problems: list[Problem] = []
    for name, setting in sorted(settings.items()):
        files = tuple(sorted({file for pattern in setting.files for file in _matches(data, pattern)}))
        silos[name.lower()] = Silo(name=name.lower(), settings=setting, files=files)
        if not files:
            patterns = ", ".join(f"`{pattern}`" for pattern in setting.files)
            problems.append(
                _problem(f"no file in the data folder matches {patterns} of [silos.{name}]", "put it there")
            )
    claimed = {file for silo in silos.values() for file in silo.files}
    for file in sorted(set(files_below(data)) - claimed):
        name = staged_name(file)
        if name in silos:
            other = silos[name].files[0] if silos[name].files else f"[silos.{name}]"
            cure = f"name the files of each by [silos.NAME] files = [...] in hogar.toml, or rename {file}"
            problems.append(_problem(f"{other} and {file} would both be staged as `{name}`", cure))
            continue
        silos[name] = Silo(name=name, settings=SiloSettings(files=(file,)), files=(file,))
    return tuple(silos[name] for name in sorted(silos)), tuple(problems)


def staged_name(file: str) -> str:
    """The table name of a file without settings: its path without ending, all else than letters and digits `_`.

    >>> staged_name("crm/Customers 2026.csv.gz")
    'crm_customers_2026'
    """
    ending = next(end for end in sorted(ENDINGS, key=len, reverse=True) if file.lower().endswith(end))
    return re.sub(r"[^0-9a-z]+", "_", file[: -len(ending)].lower()).strip("_")


def _matches(data: Path, pattern: str) -> Iterator[str]:
    if (data / pattern).is_file():  # a name that itself holds `*` or `[`
        yield Path(pattern).as_posix()
        return
    for path in data.glob(pattern):
        if path.is_file():
            yield path.relative_to(data).as_posix()


def files_below(data: Path) -> Iterator[str]:
    """Every file below `data` with a known ending, relative to it; what is hidden is left out."""
    for path in data.rglob("*"):
        file = path.relative_to(data)
        hidden = any(part.startswith(".") for part in file.parts)
        if not hidden and path.name.lower().endswith(ENDINGS) and path.is_file():
            yield file.as_posix()


def _problem(what: str, cure: str) -> Problem:
    return Problem(place=Place(file="hogar.toml"), what=what, cure=cure)

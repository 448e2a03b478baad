"""What did the operator set? `hogar.toml`, read once, checked whole, then frozen.

The settings are a table: section, name, type, default, help; the documents are held against it by a test.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from hogar.errors import Place, Problem, ProblemsFound, UsageError, did_you_mean
from hogar.households.constants import FAMILIES, WITHOUT_DEFAULT
from hogar.sources import SiloSettings

FILE = "hogar.toml"
YEARS = range(1980, 2200)
"""When the project may believe to be: windows of years before and after must be moments too."""


@dataclass(frozen=True)
class Setting:
    """One key of `hogar.toml`: where, of which type, what it is by default, what it is for."""

    section: str
    name: str
    type: type
    default: Any
    help: str
    one_of: tuple[str, ...] = ()


SETTINGS: tuple[Setting, ...] = (
    Setting("project", "name", str, "", "what the project is called; default: the folder's name"),
    Setting("project", "country", str, "ES", "ISO 3166-1 code; a label, nothing reads it yet"),
    Setting("project", "timezone", str, "Europe/Madrid", "where quiet hours are counted, an IANA name"),
    Setting("project", "currency", str, "EUR", "ISO 4217 code in which money is shown; texts write euros"),
    Setting("project", "language", str, "es", "language of people who state none"),
    Setting("data", "folder", str, "data", "where the silos' extracts lie, below the project or absolute"),
    Setting("time", "now", str, "", "a fixed moment instead of the clock, ISO 8601; a twin's project fixes it"),
    Setting("households", "unit", str, "household", "`person`: everybody alone", one_of=("household", "person")),
    Setting("households", "without", list, WITHOUT_DEFAULT, "families of evidence that are not looked at", FAMILIES),
    Setting("households", "offnet", bool, False, "whether members at other operators are looked for"),
    Setting("households", "judgements", str, "", "a CSV file of pairs that analysts judged, below the project"),
    Setting("publish", "approvals", int, 1, "how many people a strategy needs: 1, or 2", ("1", "2")),
    Setting("publish", "control_approvals", int, 1, "the same for what is set at run time", ("1", "2")),
    Setting("truth", "membership", str, "", "a truth to score against: read by `resolve` run alone, never by `build`"),
)  # fmt: skip
SILO_SETTINGS: tuple[Setting, ...] = (
    Setting("silos.NAME", "files", list, (), "glob patterns of the files staged as NAME"),
    Setting("silos.NAME", "encoding", str, "utf-8", "of text files"),
    Setting("silos.NAME", "delimiter", str, "", "of CSV files; default: found from the header"),
    Setting("silos.NAME", "header", bool, True, "whether the first line names the columns"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one project, read once and frozen."""

    project: Path
    name: str
    country: str
    timezone: str
    currency: str
    language: str
    data_folder: str
    now: datetime | None
    unit: str
    without: tuple[str, ...]
    offnet: bool
    judgements: str
    approvals: int
    control_approvals: int
    truth_membership: str
    silos: dict[str, SiloSettings] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which people live."""
        return ZoneInfo(self.timezone)


def read_settings(project: Path) -> Settings:
    """The settings of the project in this folder.

    Raises `UsageError` where there is no `hogar.toml`, `ProblemsFound` with everything that is wrong in it.
    """
    path = project / FILE
    if not path.is_file():
        raise UsageError(
            f"{path}: there is no project here; start one with `hogar new {project}`, or name one by --project"
        )
    text = path.read_bytes().decode("utf-8", errors="replace")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProblemsFound([_toml_problem(error, text)]) from error
    problems: list[Problem] = []
    found = {(s.section, s.name): s.default for s in SETTINGS}
    known = sorted({setting.section for setting in SETTINGS} | {"silos"})
    for section, values in tables.items():
        if section not in known:
            problems.append(
                _at(text, section, f"unknown section `[{section}]`", did_you_mean(section, known))
            )
        elif not isinstance(values, dict):
            problems.append(_at(text, section, f"`{section}` must be a section", f"write `[{section}]`"))
        elif section != "silos":
            of_section = [setting for setting in SETTINGS if setting.section == section]
            for name, value in _checked(values, of_section, section, text, problems).items():
                found[section, name] = value
    silos = {
        name: _silo(name, values, text, problems)
        for name, values in _tables(tables.get("silos", {}), text, problems)
    }
    now = _moment(found["time", "now"], text, problems)
    if found["project", "timezone"] not in available_timezones():
        zone = found["project", "timezone"]
        cure = did_you_mean(zone, sorted(available_timezones())) or "use an IANA name such as `Europe/Madrid`"
        problems.append(_at(text, "timezone", f"`{zone}` is not a time zone", cure))
    if problems:
        raise ProblemsFound(problems)
    return Settings(
        project=project, name=found["project", "name"] or project.resolve().name,
        country=found["project", "country"], timezone=found["project", "timezone"],
        currency=found["project", "currency"], language=found["project", "language"],
        data_folder=found["data", "folder"], now=now, unit=found["households", "unit"],
        without=_texts(found["households", "without"]), offnet=found["households", "offnet"],
        judgements=found["households", "judgements"], approvals=found["publish", "approvals"],
        control_approvals=found["publish", "control_approvals"],
        truth_membership=found["truth", "membership"], silos=silos,
    )  # fmt: skip


def judgements_problem(settings: Settings) -> Problem | None:
    """What is wrong where the project names a file of judgements that is not there, with the line that names it."""
    path = settings.project / settings.judgements
    if not settings.judgements or path.is_file():
        return None
    text = (settings.project / FILE).read_bytes().decode("utf-8", errors="replace")
    cure = f"it must lie at {path}; put it there, name another, or leave the line out"
    return _at(text, "judgements", f"there is no file `{settings.judgements}`", cure)


def _checked(
    values: dict[str, Any], known: list[Setting], section: str, text: str, problems: list[Problem]
) -> dict[str, Any]:
    """The values that are right; a problem for each that is unknown, of another type, or not one of its choices."""
    by_name = {setting.name: setting for setting in known}
    right: dict[str, Any] = {}
    for name, value in values.items():
        setting = by_name.get(name)
        if setting is None:
            problems.append(
                _at(
                    text,
                    name,
                    f"unknown setting `{name}` in `[{section}]`",
                    did_you_mean(name, list(by_name)),
                )
            )
        elif not _is_of(setting.type, value):
            problems.append(
                _at(text, name, f"`{name}` must be {_WORDS[setting.type]}", f"it is for: {setting.help}")
            )
        elif setting.one_of and (wrong := [one for one in _texts(value) if one not in setting.one_of]):
            cannot = "hold" if setting.type is list else "be"
            problems += [
                _at(text, name, f"`{name}` cannot {cannot} `{one}`", did_you_mean(one, setting.one_of))
                for one in wrong
            ]
        else:
            right[name] = value
    return right


def _is_of(type_: type, value: Any) -> bool:
    """Whether a value is of a setting's type: one text is a list too, and a switch is no number."""
    if type_ is int and isinstance(value, bool):
        return False
    return isinstance(value, type_) or (type_ is list and isinstance(value, str))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, (list, tuple)) else (str(value),)


_WORDS = {str: "a text", list: "a text or a list of texts", bool: "true or false", int: "a whole number"}


def _tables(silos: Any, text: str, problems: list[Problem]) -> list[tuple[str, dict[str, Any]]]:
    if not isinstance(silos, dict):
        problems.append(_at(text, "silos", "`silos` must hold sections", "write `[silos.NAME]`"))
        return []
    found = []
    for name, values in silos.items():
        if isinstance(values, dict):
            found.append((name, values))
        else:
            problems.append(_at(text, name, f"`silos.{name}` must be a section", f"write `[silos.{name}]`"))
    return found


def _silo(name: str, values: dict[str, Any], text: str, problems: list[Problem]) -> SiloSettings:
    right = _checked(values, list(SILO_SETTINGS), f"silos.{name}", text, problems)
    files = right.get("files", ())
    patterns = _texts(files)
    if not patterns:
        problems.append(
            _at(text, name, f"`[silos.{name}]` names no files", 'write `files = ["crm/customers*.csv"]`')
        )
    return SiloSettings(
        files=patterns, encoding=right.get("encoding", "utf-8"), delimiter=right.get("delimiter") or None,
        header=right.get("header", True),
    )  # fmt: skip


def _moment(value: str, text: str, problems: list[Problem]) -> datetime | None:
    if not value:
        return None
    moment = parse_moment(value)
    if moment is None:
        problems.append(_at(text, "now", f"`{value}` is not a moment", MOMENT_CURE))
    return moment


MOMENT_CURE = f"write it as 2026-03-02T09:00:00Z, from {YEARS[0]} to {YEARS[-1]}"


def parse_moment(value: str) -> datetime | None:
    """A moment from `YEARS` as ISO 8601 writes it, in UTC; None where it is not one. Without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year in YEARS else None


def _at(text: str, word: str, what: str, cure: str) -> Problem:
    """A problem at the line of the settings that begins with a word."""
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip().lstrip("[")
        if bare.startswith(word) or f".{word}]" in line:
            return Problem(
                place=Place(file=FILE, line=number, column=line.find(word) + 1), what=what, cure=cure
            )
    return Problem(place=Place(file=FILE), what=what, cure=cure)


def _toml_problem(error: tomllib.TOMLDecodeError, text: str) -> Problem:
    message = str(error)
    what, _, where = message.partition(" (at ")
    numbers = [int(word.rstrip(",)")) for word in where.split() if word.rstrip(",)").isdigit()]
    line, column = (numbers[0], numbers[1]) if len(numbers) == 2 else (len(text.splitlines()) or 1, 1)
    return Problem(
        place=Place(file=FILE, line=line, column=column),
        what=f"this is not TOML: {what}",
        cure="see toml.io for the form",
    )

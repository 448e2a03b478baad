"""Has everything its entry? Settings, stages, commands, tables, rules and words are held against the documents."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.docs.documents import ROOT, anchors, links, name_of, pages, rows, section

from hogar.app import SETTINGS, SILO_SETTINGS
from hogar.build import STEPS
from hogar.cli import app
from hogar.decide import STAGES
from hogar.decide.reasons import HOUSE_REASONS, PROPOSED
from hogar.households.constants import KINDS
from hogar.models import LEARNERS
from hogar.strategy.house_rules import HOUSE_RULES
from hogar.telco.channels import CHANNELS, MESSAGE_CLASSES
from hogar.telco.roles import ROLES
from hogar.telco.tables import TABLES, Table

DOCS = ROOT / "docs"
STATES = ("works", "thin", "not yet")


@cache
def text(name: str) -> str:
    """A page of docs/."""
    return (DOCS / name).read_text(encoding="utf-8")


# Settings, commands, stages


def test_every_setting_has_its_row() -> None:
    """docs/settings.md has each setting of `hogar.toml` with type and help, and no other."""
    words = {str: "text", list: "text or a list of texts", bool: "true or false", int: "whole number"}
    expected = {(s.section, f"`{s.name}`", words[s.type]) for s in (*SETTINGS, *SILO_SETTINGS)}
    found = set()
    for heading in re.findall(r"^## (`\[(.+)\]`.*)$", text("settings.md"), re.MULTILINE):
        found |= {(heading[1], row[0], row[1]) for row in rows(section(text("settings.md"), heading[0]))}
    types = {(part, name, kind.replace("text or list of texts", words[list])) for part, name, kind in found}
    assert types == expected


def test_settings_show_their_defaults() -> None:
    """A default that the code has stands in the page's row."""
    for setting in (*SETTINGS, *SILO_SETTINGS):
        row = next(r for r in rows(text("settings.md")) if r[0] == f"`{setting.name}`")
        if isinstance(setting.default, str) and setting.default:
            assert row[2] == f"`{setting.default}`", setting.name


def test_every_command_has_its_section() -> None:
    """docs/commands.md has each command with each of its options, and no other command."""
    commands = dict(_commands(typer.main.get_command(app), "hogar"))
    page = text("commands.md")
    assert set(re.findall(r"^## (hogar .+)$", page, re.MULTILINE)) == set(commands)
    for name, command in commands.items():
        options = {option for p in command.params for option in p.opts if option.startswith("--")} - {
            "--help"
        }
        first_cells = " ".join(row[0] for row in rows(section(page, name)))
        assert set(re.findall(r"--[a-z-]+", first_cells)) == options, name


def test_every_command_teaches() -> None:
    """Help begins with a sentence that fits the list of commands, and each option says what it is for."""
    for name, command in _commands(typer.main.get_command(app), "hogar"):
        assert command.help, name
        assert len(command.help.splitlines()[0]) >= 10, name
        assert all(getattr(p, "help", None) for p in command.params if p.name != "help"), name


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    if hasattr(command, "commands"):
        for word, inner in command.commands.items():
            yield from _commands(inner, f"{name} {word}")
    else:
        yield name, command


def test_every_stage_has_its_page() -> None:
    """One page a stage, under the stage's name; the index names them in the order in which they run."""
    names = [stage.__name__ for stage in STAGES]
    assert sorted(path.stem for path in (DOCS / "stages").glob("*.md")) == sorted(names)
    assert re.findall(r"\]\(stages/(\w+)\.md\)", text("index.md")) == names


def test_every_reason_of_the_house_is_explained() -> None:
    """A candidate's reason code can be looked up: in its stage's page, or in the kernel's."""
    for code, (name, stage, _) in HOUSE_REASONS.items():
        assert code == PROPOSED or f"`{name}`" in text("kernel.md") + text(f"stages/{stage}.md"), name


# Strategy, households, models, the build


def test_words_of_authors_stand_in_the_strategy_page() -> None:
    """House rules, channels, message classes and roles; channels that the customer opens stand with `hogar decide`."""
    page = text("strategy.md") + text("commands.md") + text("glossary.md").lower()
    for name in (*(rule.kind for rule in HOUSE_RULES), *CHANNELS, *MESSAGE_CLASSES, *ROLES):
        assert re.search(rf"\b{name.replace('_', '[ _]')}\b", page), name


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("households.md", [kind.name for kind in KINDS]),
        ("models.md", LEARNERS),
        ("commands.md", [name for name, _ in STEPS]),
    ],
)
def test_plug_in_points_are_listed(page: str, names: Any) -> None:
    """Each kind of evidence, each learner, each step of the build has its entry."""
    for name in names:
        assert re.search(rf"\b{name}\b", text(page)), name


# Tables and words


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_data_dictionary_is_the_code(table: Table) -> None:
    """docs/tables.md has the table's key, owner and gate, and each column with type, meaning and rules."""
    page = section(text("tables.md"), table.name)
    assert f"Key: {', '.join(f'`{name}`' for name in table.key)}.\nOwner: {table.owner}." in page
    assert ("Gated: " in page) == (table.gate != "none")
    assert (f"Kept: {table.retention_days} days." in page) == (table.retention_days is not None)
    shown = [row[:3] for row in rows(page)]
    assert shown == [(f"`{c.name}`", c.type, c.help) for c in table.columns]
    for column, row in zip(table.columns, rows(page), strict=True):
        assert ("must" in row[3], "personal" in row[3]) == (column.required, column.personal), column.name
        assert all(f"`{value}`" in row[3] for value in column.one_of), column.name


def test_no_other_table_is_described() -> None:
    """A table that is gone is gone from the page."""
    found = re.findall(r"^## (.+)$", text("tables.md"), re.MULTILINE)
    assert found == [*(table.name for table in TABLES), "Other types of the vocabulary"]


def test_every_type_of_the_vocabulary_has_its_row() -> None:
    """docs/tables.md names each public type of `hogar.telco`, with its module."""
    found = {row[0] for row in rows(section(text("tables.md"), "Other types of the vocabulary"))}
    expected = set()
    for path in (ROOT / "src/hogar/telco").glob("[a-z]*.py"):
        module = import_module(f"hogar.telco.{path.stem}")
        expected |= {
            f"`{path.stem}.{name}`"
            for name, value in vars(module).items()
            if inspect.isclass(value) and value.__module__ == module.__name__
        }
    assert found == expected


def test_the_glossary_is_used() -> None:
    """No word stands twice; but for the trade's, each is one that code or documents use."""
    words = [row[0] for row in rows(text("glossary.md"))]
    assert len(words) == len(set(words))
    words = [
        word for word in words if word not in {r[0] for r in rows(section(text("glossary.md"), "The trade"))}
    ]
    used = "\n".join(p.read_text(encoding="utf-8").lower() for p in _texts() if p.name != "glossary.md")
    used = re.sub(r"[\s_]+", " ", used)
    unused = [w for entry in words for w in entry.lower().split(", ") if w not in used]
    assert not unused


@pytest.mark.parametrize("word", ["subscription", "subscriber", "recharge", "kill switch", "frequency cap"])
def test_refused_words_are_not_used(word: str) -> None:
    """What the glossary refuses stands in no document but the glossary."""
    assert word in text("glossary.md")
    found = [name_of(path) for path in pages() if word in path.read_text(encoding="utf-8").lower()]
    assert found == ["docs/glossary.md"]


def _texts() -> list[Path]:
    source = [p for suffix in ("py", "sql", "yml") for p in (ROOT / "src/hogar").rglob(f"*.{suffix}")]
    return [*pages(), *source]


# The mission


def _mission() -> list[tuple[str, ...]]:
    return rows(section(text("mission.md"), "What was asked for")) + rows(
        section(text("mission.md"), "What no other system has")
    )


def test_the_mission_has_all_rows_in_order() -> None:
    """M1 to M31, then B1 to B10, each with a state and the numbers of its seeds."""
    found = _mission()
    assert [row[0] for row in found] == [f"M{n}" for n in range(1, 32)] + [f"B{n}" for n in range(1, 11)]
    for row in found:
        assert row[3] in STATES, row[0]
        assert set(row[2].split(", ")) <= {f"{n:03}" for n in range(5)}, row[0]


def test_what_works_is_shown_by_a_test_that_exists() -> None:
    """A row that works or is thin says what there is and names a test; a thin one says what is missing."""
    for name, _, _, state, there_is, missing, shown_by in _mission():
        if state == "not yet":
            assert (there_is, missing, shown_by) == ("", "", ""), name
        else:
            assert there_is, name
            assert _is_a_test(shown_by.strip("`")), f"{name}: there is no {shown_by}"
            assert bool(missing) == (state == "thin"), name


def test_each_line_of_privacy_is_shown_by_a_test_that_exists() -> None:
    """What is said to hold names its test; where there is nothing to test the reason stands in the row."""
    found = [row for row in rows(text("privacy.md")) if len(row) == 3]
    assert len(found) >= 15
    for line, today, shown_by in found:
        assert today.startswith("holds"), line
        assert _is_a_test(shown_by.strip("`")) if shown_by else "nobody looks for them" in today, (
            f"{line}: there is no {shown_by}"
        )


def _is_a_test(name: str) -> bool:
    """Whether `path::function` is a test with a docstring."""
    path, _, function = name.partition("::")
    file = ROOT / path
    if not file.is_file():
        return False
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return any(
        isinstance(node, ast.FunctionDef) and node.name == function and bool(ast.get_docstring(node))
        for node in ast.walk(tree)
    )


# Links


@pytest.mark.parametrize("path", pages(), ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    """Files and headings that a page points to exist."""
    for line, target in links(path.read_text(encoding="utf-8")):
        if re.match(r"https?:|mailto:", target):
            continue
        file, _, anchor = target.partition("#")
        other = (path.parent / file).resolve() if file else path
        assert other.exists(), f"{name_of(path)}:{line}: {target}"
        if anchor:
            assert anchor in anchors(other.read_text(encoding="utf-8")), f"{name_of(path)}:{line}: {target}"


def test_the_index_names_every_page() -> None:
    """Whoever opens docs/index.md finds all pages."""
    named = {(DOCS / target.partition("#")[0]).resolve() for _, target in links(text("index.md"))}
    missing = [name_of(path) for path in sorted(DOCS.rglob("*.md")) if path not in named]
    assert missing == ["docs/index.md"]

"""A built market for whoever needs one: 500 persons, made and built once a test session by the real functions.

Tests only read it; those that change something work on a copy. Commands run in this process, as a person types them.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from hogar import build
from hogar.app import now_of, read_settings, work_of
from hogar.build import Work
from hogar.cli import main
from hogar.cli.twin_files import default_params, write_market
from hogar.twin import generate

PERSONS, SEED = 500, 1


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The last line of standard output, where `--json` puts its one object."""
        return json.loads(self.out.splitlines()[-1])


Run = Callable[..., Ran]


def run_command(*arguments: object) -> Ran:
    """Run `hogar ARGUMENTS` in this process."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["hogar", *map(str, arguments)]),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    code = ended.value.code
    return Ran(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())


def make_market(folder: Path, persons: int, seed: int) -> Work:
    """A project with the silos of a market, and what builds it."""
    build.new_project(folder)
    write_market(generate(persons, seed, default_params()), folder, lambda _: None)
    settings = read_settings(folder)
    return work_of(settings, now=now_of(settings))


@pytest.fixture(scope="session")
def hogar() -> Run:
    """The command line: `hogar("build", "--project", folder)` gives exit code, words and JSON."""
    return run_command


@pytest.fixture(scope="session")
def markets(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, int], Path]:
    """Built markets by size and seed, each made once: look, do not touch."""
    made: dict[tuple[int, int], Path] = {}

    def market(persons: int, seed: int) -> Path:
        if (persons, seed) not in made:
            folder = tmp_path_factory.mktemp("market") / f"acme-{persons}-{seed}"
            build.run(make_market(folder, persons, seed))
            made[persons, seed] = folder
        return made[persons, seed]

    return market


@pytest.fixture(scope="session")
def market(markets: Callable[[int, int], Path]) -> Path:
    """The built market of 500 persons: look, do not touch."""
    return markets(PERSONS, SEED)


@pytest.fixture(scope="session")
def small_market_built(markets: Callable[[int, int], Path]) -> Path:
    """A built market of 100 persons, for what is not about people: look, do not touch."""
    return markets(100, SEED)


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path], Path]:
    """A copy of a project, its built state included, to change."""

    def copy(project: Path) -> Path:
        return Path(shutil.copytree(project, tmp_path / project.name))

    return copy

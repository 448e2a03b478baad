"""How does a command speak? Results to people or as one JSON object, progress apart from both.

With `--json` the last line of standard output is one object and everything else goes to standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from time import monotonic
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from hogar.errors import HogarError, Problem, ProblemsFound, UsageError

GOOD, PROBLEMS, WRONG_USAGE = 0, 1, 2


class Output:
    """Where one command's words go."""

    def __init__(self, *, json: bool) -> None:
        self.json = json
        self.people = Console(stderr=json, highlight=False, soft_wrap=True)
        self._progress = Console(stderr=True, highlight=False)
        self._last = 0.0

    def say(self, text: str = "") -> None:
        """A line for people."""
        self.people.print(text)

    def progress(self, text: str) -> None:
        """A passing line: replaced on a terminal, at most five a second elsewhere not shown at all."""
        if self._progress.is_terminal and monotonic() - self._last > 0.2:
            self._last = monotonic()
            self._progress.print(
                f"  {text}"[: self._progress.width - 1].ljust(self._progress.width - 1), end="\r"
            )

    def table(self, title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
        """A small table for people; columns that begin with `>` are aligned to the right."""
        table = Table(
            title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold"
        )
        for column in columns:
            table.add_column(column.removeprefix(">"), justify="right" if column.startswith(">") else "left")
        for row in rows:
            table.add_row(*(str(cell) for cell in row))
        self.people.print(table)

    def result(self, value: object) -> None:
        """The command's result as one JSON object on the last line, where that was asked for."""
        if self.json:
            sys.stdout.write(msgspec.json.encode(plain(value)).decode() + "\n")
            sys.stdout.flush()


def plain(value: object) -> Any:
    """A value as JSON can hold it: dataclasses and structs as objects."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return msgspec.to_builtins(value, enc_hook=str)


def failed(error: HogarError, *, json: bool) -> int:
    """Say what went wrong and how to mend it; the exit code that goes with it."""
    output = Output(json=json)
    if isinstance(error, ProblemsFound):
        show_problems(error.problems)
        output.result({"problems": [problem_as_data(problem) for problem in error.problems]})
        return PROBLEMS
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"[red]error:[/] {_escaped(str(error))}")
    output.result({"error": str(error)})
    return WRONG_USAGE if isinstance(error, UsageError) else PROBLEMS


def show_problems(problems: Iterable[Problem]) -> None:
    """Every problem on a line of its own, to standard error."""
    found = list(problems)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for problem in found:
        console.print(_escaped(str(problem)))
    console.print(f"[red]{len(found)} problem{'s' * (len(found) != 1)}[/]; nothing was published")


def problem_as_data(problem: Problem) -> dict[str, object]:
    """A problem as JSON holds it."""
    return {
        "file": problem.place.file, "line": problem.place.line, "column": problem.place.column,
        "what": problem.what, "cure": problem.cure,
    }  # fmt: skip


def _escaped(text: str) -> str:
    return text.replace("[", "\\[")

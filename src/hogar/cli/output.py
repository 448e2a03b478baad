"""How does a command speak? Results to people or as one JSON object, progress apart from both.

With `--json` the last line of standard output is one object and everything else goes to standard error.
Values that come from outside (paths, ids, an author's words) go through `plainly` before they meet markup.
"""

from __future__ import annotations

import json as json_module
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from shutil import get_terminal_size
from time import monotonic
from typing import Any, Literal

import msgspec
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from hogar.errors import HogarError, Problem, ProblemsFound, UsageError

GOOD, PROBLEMS, WRONG_USAGE = 0, 1, 2
TERMINAL_SECONDS, LINE_SECONDS = 0.2, 5.0
"""How often progress is shown: replaced on a terminal, as a line of its own elsewhere."""


PIPE_WIDTH = 200  # of tables that are read by another program, where COLUMNS says nothing
REST_MIN = 12  # of a column of several words
GAP = 2  # between the columns of a table


class Output:
    """Where one command's words go."""

    def __init__(self, *, json: bool) -> None:
        self.json = json
        self.people = Console(stderr=json, highlight=False, soft_wrap=True, emoji=False)
        if not self.people.is_terminal:
            self.people.width = get_terminal_size((PIPE_WIDTH, 0)).columns
        self._progress = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
        self._last = monotonic() if not self._progress.is_terminal else 0.0
        self._passing = False

    @property
    def width(self) -> int:
        """How many columns a table may take."""
        return self.people.width

    def say(self, text: str = "") -> None:
        """A line for people, with markup."""
        self._clear()
        self.people.print(text)

    def show(self, renderable: object, *, width: int | None = None) -> None:
        """A table, a panel or a paragraph for people, at most `width` columns wide."""
        self._clear()
        self.people.print(renderable, soft_wrap=False, width=width and min(width, self.people.width))

    def progress(self, text: str) -> None:
        """What is being done: on a terminal a line that passes, elsewhere a line every few seconds at most."""
        terminal = self._progress.is_terminal
        if monotonic() - self._last < (TERMINAL_SECONDS if terminal else LINE_SECONDS):
            return
        self._last = monotonic()
        if terminal:
            width = max(self._progress.width - 1, 1)
            self._progress.print(Text(f"  {text}"[:width].ljust(width)), end="\r")
            self._passing = True
        else:
            self._progress.print(Text(f"  {text}"))

    def table(self, title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
        """A small table for people, nothing where there is no row; columns that begin with `>` stand to the right.

        Where it is too wide, columns of several words are wrapped, and names only if that is not enough.
        """
        table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
        cells = [[str(cell) for cell in row] for row in rows]
        headings = list(columns)
        names = [column.removeprefix(">") for column in headings]
        whole = _kept_whole(names, cells, self.width)
        for number, column in enumerate(headings):
            justify: Literal["left", "right"] = "right" if column.startswith(">") else "left"
            table.add_column(names[number], justify=justify, overflow="fold", no_wrap=number in whole)
        for row in cells:
            table.add_row(*map(Text, row))
        if title:
            self.say(f"[bold]{title}[/]")
        if table.row_count:
            self.show(table)

    def result(self, value: object) -> None:
        """The command's result as one JSON object on the last line, where that was asked for."""
        self._clear()
        if self.json:
            sys.stdout.write(_line(plain(value)) + "\n")
            sys.stdout.flush()

    def _clear(self) -> None:
        """Wipe the passing line, so that what comes next does not stand in its rest."""
        if self._passing:
            self._progress.print(" " * max(self._progress.width - 1, 1), end="\r")
            self._passing = False


def _kept_whole(names: list[str], rows: list[list[str]], width: int) -> set[int]:
    """The columns without spaces, by number, the narrowest first, as long as they leave the others some room."""
    widths = [max(map(cell_len, column)) for column in zip(names, *rows, strict=True)]
    least = [min(one, REST_MIN) for one in widths]
    room = width - sum(least) - GAP * len(names)
    whole = set[int]()
    for n in sorted(range(len(names)), key=lambda n: widths[n]):
        more = widths[n] - least[n]
        if more <= room and not any(" " in row[n] for row in rows):
            whole.add(n)
            room -= more
    return whole


def plain(value: object) -> Any:
    """A value as JSON can hold it: dataclasses and structs as objects."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return msgspec.to_builtins(value, enc_hook=str)


def plainly(value: object) -> str:
    """A value as text that holds no markup: `[bold]` in a folder's name stays what it is."""
    return escape(str(value))


def clock_of(clock: str | None, at: str) -> str:
    """The machine's clock, to the minute, where it is not what the project called now."""
    return "" if clock is None or clock[:16] == at[:16] else minute_of(clock)


def minute_of(at: str) -> str:
    """A moment in ISO 8601 as people read it, to the minute."""
    return at[:16].replace("T", " ")


def failed(error: HogarError, *, json: bool) -> int:
    """Say what went wrong and how to mend it; the exit code that goes with it."""
    output = Output(json=json)
    if isinstance(error, ProblemsFound):
        show_problems(error.problems)
        output.result({"problems": [problem_as_data(problem) for problem in error.problems]})
        return PROBLEMS
    _to_error(f"[red]error:[/] {plainly(error)}")
    output.result({"error": str(error)})
    return WRONG_USAGE if isinstance(error, UsageError) else PROBLEMS


def show_problems(problems: Iterable[Problem], then: str = "; nothing was published") -> None:
    """Every problem on a line of its own, to standard error; `then` says what came of it."""
    found = list(problems)
    for problem in found:
        _to_error(plainly(problem))
    _to_error(f"[red]{len(found)} problem{'s' * (len(found) != 1)}[/]{then}")


def show_warnings(warnings: Iterable[Problem]) -> None:
    """Every warning on a line of its own, to standard error; they stop nothing."""
    for warning in warnings:
        _to_error(f"[yellow]warning:[/] {plainly(warning)}")


def problem_as_data(problem: Problem) -> dict[str, object]:
    """A problem as JSON holds it."""
    return {
        "file": problem.place.file, "line": problem.place.line, "column": problem.place.column,
        "what": problem.what, "cure": problem.cure,
    }  # fmt: skip


def warn(text: str) -> None:
    """Something that the operator must know and nothing stops for, to standard error."""
    _to_error(f"[bold red]warning:[/] {plainly(text)}")


def _to_error(text: str) -> None:
    Console(stderr=True, highlight=False, soft_wrap=True, emoji=False).print(text)


def _line(value: object) -> str:
    """JSON on one line; a path whose bytes are no UTF-8 keeps them as escapes."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json_module.dumps(value, separators=(",", ":"))

"""Why does DuckDB refuse a query? Its message as a problem at the line and column that it means, in our words.

Reads the query's text and DuckDB's error, told as JSON or as text; asks nothing. Used by: `query`, `trial`, `compute`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import duckdb

from hogar.errors import Place, Problem, did_you_mean

_MARK = re.compile(r"LINE (?P<line>\d+): [^\n]*\n(?P<indent> *)\^")
_NEAR = re.compile(r"syntax error at or near \"(.*)\"", re.DOTALL)
_COLUMN = re.compile(r'Table "(\w+)" does not have a column named "(\w+)"(.*)', re.DOTALL)
_END = re.compile(r"syntax error at end of input")
_WORDS = {
    "Table": ("there is no table `{}`", "docs/tables.md names them"),
    "Scalar Function": ("there is no function `{}`", "DuckDB has no other functions than its own"),
    "Column": ("there is no column `{}` here", "docs/tables.md names the columns"),
}
_RESERVED = 'write it in double quotes, `"at"`: the bare word is a keyword of DuckDB'


def refused(file: str, text: str, error: duckdb.Error) -> Problem:
    """The problem that DuckDB has with the query in this file."""
    told = _told(str(error))
    message = str(told.get("exception_message") or str(error).partition(": ")[2] or error)
    line, column, before = _where(text, told, str(error))
    what, cure = _said(message.partition("\n\nLINE ")[0], told, before)
    return Problem(place=Place(file=file, line=line, column=column), what=what, cure=cure)


def _told(error: str) -> Mapping[str, object]:
    """The parts of an error that is told as JSON; none where it is told as text."""
    try:
        told = json.loads(error.partition(": ")[2])
    except json.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}


def _where(text: str, told: Mapping[str, object], error: str) -> tuple[int, int, str]:
    """Line and column of what is meant, and the text before it; DuckDB counts bytes."""
    if str(told.get("position", "")).isdigit():
        before = text.encode()[: int(str(told["position"]))].decode(errors="ignore")
    elif marked := _MARK.search(error):
        lines = text.splitlines(keepends=True)
        number = int(marked["line"])
        indent = max(0, len(marked["indent"]) - len(f"LINE {number}: "))
        before = "".join(lines[: number - 1]) + "".join(lines[number - 1 : number])[:indent]
    else:
        return 1, 1, ""
    return before.count("\n") + 1, len(before) - before.rfind("\n"), before


def _said(message: str, told: Mapping[str, object], before: str) -> tuple[str, str]:
    """What is wrong and its cure, in our words where we have them, else in DuckDB's."""
    near = _NEAR.search(message)
    if near is not None or _END.search(message):
        return _syntax(near[1] if near else "", before)
    name = str(told.get("name") or "")
    kind = "Column" if told.get("error_subtype") == "COLUMN_NOT_FOUND" else str(told.get("type") or "")
    if name and kind in _WORDS:
        what, cure = _WORDS[kind]
        near_by = [each.strip() for each in str(told.get("candidates") or "").split(",")]
        return what.format(name), did_you_mean(name, [each for each in near_by if each]) or cure
    if (of_table := _COLUMN.search(message)) is not None:
        what, cure = _WORDS["Column"]
        return what.format(of_table[2]), did_you_mean(
            of_table[2], re.findall(r'"(\w+)"', of_table[3])
        ) or cure
    first, *rest = (line for line in message.splitlines() if line and not line.startswith("\t"))
    if first.startswith("No function matches") and "'" in first:
        return f"`{first.split(chr(39))[1]}`: there is none for these types", "convert one: `x::DOUBLE`"
    return f"DuckDB refuses it: {first.rstrip('!.')}", " ".join(rest).rstrip(":.")


def _syntax(word: str, before: str) -> tuple[str, str]:
    last = re.findall(r"\w+", before)[-1:]
    if "at" in (word.lower(), *(each.lower() for each in last)):
        return "`at` cannot stand here without quotes", _RESERVED
    if not word:
        return "the query breaks off", "is a parenthesis or a quote left open?"
    if word.lower() in ("group", "order", "from", "where", "having", "limit") and last:
        return f"`{word}` was not expected here", f"something is missing after `{last[0]}`"
    return f"`{word}` was not expected here", ""

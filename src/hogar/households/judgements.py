"""What did analysts say about pairs? Reads their CSV; returns one word a pair, and everything that could not be read.

The file has `party_a` and `party_b` (or `person_a`, `person_b`), `together` (yes, no or unsure), `rater`, and, if
known, `at`. Other columns are theirs to use. Nothing stops the reading: what is wrong is told with its line, the rest
counts. A judgement is about parties, which last; it is carried over to the persons they belong to now. One about
somebody who is no more, or about two who turned out to be one, is no problem of the file: it is counted as stale.
After: `asking`; before: `pairs` (the mixture takes them for sure), `clusters` (must and cannot link), `raters`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Literal

import pyarrow as pa

from hogar.errors import Place, Problem, did_you_mean

Word = Literal["yes", "no", "unsure"]
WORDS: Mapping[str, Word] = {
    **dict.fromkeys(("yes", "y", "true", "1", "together", "si", "sí", "ja", "oui", "sim"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0", "apart", "nein", "non", "não"), "no"),
    **dict.fromkeys(("unsure", "?", "maybe", "unknown", "unclear"), "unsure"),
}
UNNAMED = "unnamed"
RECORD_LINES_MAX = 20
PROBLEMS_MAX = 1_000  # told one by one; a file of another kind would give one a line
TIMES = (
    "%d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
)  # what a spreadsheet makes of a day, here day first
SCHEMA = pa.schema(
    [("person_a", pa.string()), ("person_b", pa.string()), ("together", pa.bool_()), ("raters", pa.int64())]
)


@dataclass(frozen=True, kw_only=True, order=True)
class Judgement:
    """What one rater said of two persons, `person_a` the smaller id."""

    person_a: str
    person_b: str
    rater: str
    word: Word


@dataclass(frozen=True, kw_only=True)
class Judgements:
    """All judgements that could be read, one a pair and rater, in order; and the problems of the rest.

    `answered` counts the lines with a word that could be read; `stale` those of them that no longer apply, because
    somebody named in them is no more, or both are one person now.
    """

    rows: tuple[Judgement, ...] = ()
    problems: tuple[Problem, ...] = ()
    answered: int = 0
    stale: int = 0

    def counts(self) -> dict[str, int]:
        """For reports: lines answered, those that no longer apply, and the pairs that raters dispute."""
        return {"answered": self.answered, "stale": self.stale, "disputed": len(self.disputed())}

    def by_pair(self) -> dict[tuple[str, str], dict[str, Word]]:
        """What each rater said of each pair."""
        pairs: dict[tuple[str, str], dict[str, Word]] = {}
        for row in self.rows:
            pairs.setdefault((row.person_a, row.person_b), {})[row.rater] = row.word
        return pairs

    def disputed(self) -> tuple[tuple[str, str], ...]:
        """The pairs of which one rater says yes and another no: they count as unsure."""
        return tuple(pair for pair, words in self.by_pair().items() if {"yes", "no"} <= set(words.values()))

    def table(self) -> pa.Table:
        """What is agreed: (person_a, person_b, together, raters), `raters` those who said so.

        A rater who is unsure abstains; a pair that is disputed, or that nobody is sure of, is not in the table.
        """
        agreed = []
        for (a, b), words in self.by_pair().items():
            said = [word for word in words.values() if word != "unsure"]
            if len(set(said)) == 1:
                row = {"person_a": a, "person_b": b, "together": said[0] == "yes", "raters": len(said)}
                agreed.append(row)
        return pa.Table.from_pylist(agreed, schema=SCHEMA)


def read_judgements(paths: Iterable[Path], party_person: pa.Table) -> Judgements:
    """Read the files in this order, for the persons of `party_person` (party_id, person_id).

    Of two words of one rater on one pair the later `at` counts, else the later line. A line without a word in
    `together` is not answered yet, and no problem. Without persons the files are checked, and all of it is stale.
    """
    persons = _Persons(party_person)
    problems: list[Problem] = []
    latest: dict[tuple[str, str, str], tuple[str, Judgement]] = {}
    answered = stale = 0
    for path in paths:
        for at, judgement in _read(path, persons, problems):
            answered += 1
            if judgement is None:
                stale += 1
                continue
            key = (judgement.person_a, judgement.person_b, judgement.rater)
            if key not in latest or latest[key][0] <= at:
                latest[key] = (at, judgement)
    told = problems[:PROBLEMS_MAX]
    if len(problems) > PROBLEMS_MAX:
        more = f"{len(problems) - PROBLEMS_MAX} more problems are not listed"
        told.append(Problem(place=problems[-1].place, what=more, cure="is it a file of judgements?"))
    rows = tuple(sorted(judgement for _, judgement in latest.values()))
    return Judgements(rows=rows, problems=tuple(told), answered=answered, stale=stale)


def check_judgements(paths: Iterable[Path]) -> tuple[Problem, ...]:
    """What is wrong in the files themselves, whoever there is."""
    nobody = pa.table({"party_id": pa.nulls(0, pa.string()), "person_id": pa.nulls(0, pa.string())})
    return read_judgements(paths, nobody).problems


class _Persons:
    """Who is meant by an id: a person, a party, or a person of an earlier resolution, named after its party."""

    def __init__(self, party_person: pa.Table) -> None:
        parties, persons = party_person["party_id"].to_pylist(), party_person["person_id"].to_pylist()
        self.of_party = dict(zip(parties, persons, strict=True))
        self.known = set(persons)

    def named(self, written: str) -> str | None:
        if written in self.known:
            return written
        return self.of_party.get(written) or self.of_party.get(written.removeprefix("P-"))


def _read(path: Path, persons: _Persons, problems: list[Problem]) -> Iterator[tuple[str, Judgement | None]]:
    """The judgements of one file with their time, None for a stale one; problems are added to the list."""

    def problem(line: int, what: str, cure: str = "", column: int = 1) -> None:
        problems.append(Problem(place=Place(file=str(path), line=line, column=column), what=what, cure=cure))

    try:
        text = _text(path.read_bytes())
    except OSError as error:
        problem(1, f"the file cannot be read: {error.strerror}", "name a CSV file")
        return
    rows = _rows(text.replace("\0", ""))
    _, header = next(rows, (1, []))
    place = {name.strip().lower(): at for at, name in reversed(list(enumerate(header or [])))}
    ends = [next((name for name in (f"party_{end}", f"person_{end}") if name in place), "") for end in "ab"]
    if not all(ends) or "together" not in place:
        names = ", ".join(f"`{name}`" for name in sorted(place) if name)[:200] or "nothing"
        cure = "it names `party_a`, `party_b`, `together` (yes, no or unsure) and `rater`"
        problem(1, f"these are no judgements: the first line names {names}", cure)
        return
    last = max((*ends, "together"), key=place.__getitem__)
    for line, fields in rows:
        if fields is None:
            problem(line, "the line cannot be read", "look for a quote that has no end")
            continue
        if not any(field.strip() for field in fields):
            continue
        if len(fields) <= place[last]:
            what = f"the line ends after {len(fields)} of {len(header or [])} fields, before `{last}`"
            problem(line, what, "write every field, an empty one too", len(fields))
            continue
        values = {name: fields[at].strip() for name, at in place.items() if at < len(fields)}
        written = values["together"].lower()
        if not written:
            continue
        word = WORDS.get(written)
        if word is None:
            cure = did_you_mean(written, ["yes", "no", "unsure"])
            problem(line, f"`{written[:40]}` is no answer to `together`", cure, place["together"] + 1)
            continue
        unnamed = [end for end in ends if not values[end]]
        for end in unnamed:
            problem(line, f"`{end}` names nobody", "write the id of a party or a person", place[end] + 1)
        if unnamed:
            continue
        at = _time(values.get("at", ""))
        if at is None:
            what, cure = f"`{values['at'][:40]}` is no time", "write it as 2026-03-02 or 2026-03-02T14:00"
            problem(line, what, cure, place["at"] + 1)
        a, b = (persons.named(values[end]) for end in ends)
        if a is None or b is None or a == b:
            yield "", None
            continue
        rater = values.get("rater", "").lower() or UNNAMED
        yield at or "", Judgement(person_a=min(a, b), person_b=max(a, b), rater=rater, word=word)


def _text(written: bytes) -> str:
    """The text of a file: UTF-8, or what a spreadsheet in Western Europe writes instead."""
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError:
        return written.decode("cp1252", errors="replace")


def _rows(text: str) -> Iterator[tuple[int, list[str] | None]]:
    """The records of a CSV text with the line where each begins; None for a line that is none.

    A note may go over some lines; a quote without an end spoils its own line only.
    """
    lines = list(StringIO(text, newline=""))
    first = lines[0] if lines else ""
    delimiter = max(",;\t", key=first.count)
    line = 0
    while line < len(lines):
        fields, taken = None, 1
        for height in range(1, RECORD_LINES_MAX + 1):
            try:
                found = list(csv.reader(lines[line : line + height], delimiter=delimiter, strict=True))
            except csv.Error:
                if line + height >= len(lines):
                    break
                continue
            fields, taken = (found[0] if found else []), height
            break
        yield line + 1, fields
        line += taken


def _time(written: str) -> str | None:
    """A time so written that texts compare as times do, `` where there is none; None where it is no time."""
    if not written:
        return ""
    at = _moment(written)
    if at is None:
        return None
    return (at if at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)).isoformat()


def _moment(written: str) -> datetime | None:
    with suppress(ValueError):
        return datetime.fromisoformat(written)
    for form in TIMES:
        with suppress(ValueError):
            return datetime.strptime(written, form)  # noqa: DTZ007 (a spreadsheet knows no zone)
    return None

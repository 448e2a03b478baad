"""By which names do silos call what our tables hold? The vocabulary of drafting, and how near a name is to it."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import cache
from importlib import resources
from typing import Any

TRUE = ("s", "si", "y", "yes", "1", "true", "t", "verdadero")
FALSE = ("n", "no", "0", "false", "f", "falso")
_NEAR = 0.8
_NUMBER = ("nro", "num", "nr")


@cache
def plain(name: str) -> str:
    """A name as the vocabulary writes it: lower case, without accents, its words parted by a space.

    >>> plain("fechaNacimiento"), plain("COD_POSTAL")
    ('fecha nacimiento', 'cod postal')
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    bare = unicodedata.normalize("NFKD", parted).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", bare.lower()))


@cache
def column_likeness(name: str, column: str) -> float:
    """How much a silo's column is called like a canonical `table.column`, from 0 to 1."""
    return likeness(name, (column.partition(".")[2].replace("_", " "), *_words()["columns"].get(column, ())))


@cache
def file_likeness(name: str, table: str) -> float:
    """How much a file is called like a canonical table, from 0 to 1; its folder counts too."""
    words = (table.replace("_", " "), *_words()["files"].get(table, ()))
    own = plain(name.rpartition("/")[2].split(".")[0])
    return max(likeness(own, words), 0.9 * likeness(plain(name.split(".")[0]), words))


def values_of(column: str) -> Mapping[str, tuple[str, ...]]:
    """For each value that a canonical column knows, what silos write for it."""
    found: Mapping[str, Mapping[str, list[str]]] = _vocabulary()["values"]
    return {value: tuple(words) for value, words in found.get(column, {}).items()}


def may_mean(column: str) -> Mapping[str, str]:
    """Words that silos write for one value of a canonical column, but that may mean another one as well."""
    found: Mapping[str, str] = _vocabulary()["ambiguous"].get(column, {})
    return found


def likeness(name: str, phrases: Iterable[str]) -> float:
    """The best likeness of a name to some phrases: 1 where it is one of them, less where words or letters differ."""
    said = _spelled_out(plain(name))
    return max((_like(said, phrase) for phrase in phrases), default=0.0)


def _spelled_out(said: str) -> str:
    """`nro factura` as `numero factura`: abbreviations of numbers written out."""
    return " ".join("numero" if word in _NUMBER and " " in said else word for word in said.split())


def _like(said: str, phrase: str) -> float:
    if said == phrase:
        return 1.0
    ours, theirs = set(said.split()), set(phrase.split())
    shared = len(ours & theirs) / max(1, len(ours | theirs))
    # Quick upper bounds first: hardly any two names are near.
    near = 0.0
    if 2 * min(len(said), len(phrase)) >= _NEAR * (len(said) + len(phrase)):
        matcher = _matcher(phrase)
        matcher.set_seq1(said)
        near = matcher.ratio() if matcher.quick_ratio() >= _NEAR else 0.0
    return max(0.9 * shared, 0.9 * near if near >= _NEAR else 0.0)


@cache
def _matcher(phrase: str) -> SequenceMatcher[str]:
    """What compares names with a phrase; it knows the phrase's letters already."""
    return SequenceMatcher(None, "", phrase)


@cache
def _vocabulary() -> Mapping[str, Any]:
    text = (resources.files("hogar") / "build" / "drafting" / "words.toml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = tomllib.loads(text)
    return found


@cache
def _words() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    return {
        kind: {name: tuple(words) for name, words in _vocabulary()[kind].items()}
        for kind in ("columns", "files")
    }

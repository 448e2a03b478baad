"""What makes the numbers that a strategy reads? The definitions among a published strategy's texts.

Mappings of silos, features, models and the settings of households, under `definitions/` beside the `strategy/` texts:
compiled into nothing, but part of the strategy's name, so that whoever approves a strategy approves them too. None
among the texts of an author's folder. Before: `build` keeps what each step was made of. After: `compiling`, `diff`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

FOLDER = "definitions/"

Texts = Mapping[str, str | bytes]


def as_definitions(files: Mapping[str, str]) -> dict[str, str | bytes]:
    """The project's files that define numbers, as texts of a published strategy."""
    return {FOLDER + path: text for path, text in files.items()}


def definitions_of(texts: Texts) -> dict[str, str]:
    """The definitions among texts, by the project's path; line endings do not matter.

    >>> definitions_of({"definitions/features/a.sql": b"select 1\\r\\n", "strategy/roles.yml": ""})
    {'features/a.sql': 'select 1\\n'}
    """
    return {
        path.removeprefix(FOLDER): _text(text).replace("\r\n", "\n")
        for path, text in sorted(texts.items())
        if path.startswith(FOLDER)
    }


def definitions_name(texts: Texts) -> str:
    """A name for the definitions among texts, 32 hex digits; empty where there are none."""
    found = definitions_of(texts)
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()[:32] if found else ""


def _text(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode("utf-8", errors="replace")

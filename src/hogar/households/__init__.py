"""Who lives together, in which role, who is missing? Reads the canonical tables; returns persons, households, roles.

`resolve` writes them as files, `explain` says why a household is one. Before: `sources`; after: `features`.
The way: `persons` (parties that are one human being) → `sql/` (candidate pairs and their evidence, a named step each)
→ `mixture` (probability) → `clusters` (households under constraints) → `sql/7*` (who uses a line, roles, advisers).
"""

from __future__ import annotations

from hogar.households.asking import ask, write_questions
from hogar.households.earlier import read_earlier, read_models
from hogar.households.explain import HouseholdExplanation, explain
from hogar.households.judgements import check_judgements
from hogar.households.options import Options
from hogar.households.resolve import ResolveReport, resolve
from hogar.households.words import words

__all__ = [
    "HouseholdExplanation",
    "Options",
    "ResolveReport",
    "ask",
    "check_judgements",
    "explain",
    "read_earlier",
    "read_models",
    "resolve",
    "words",
    "write_questions",
]

"""What shall be foretold, from what, and how is it judged? A model as its author specified it.

`build.model_files` makes specifications from `models/*.yml`; `train` fits them. `score_features` says which
columns they add to the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from hogar.errors import Place
from hogar.telco.catalogue import Entity, Feature, Whose

LearnerName = Literal["logistic", "gradient_boosting"]


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """One model: `features` are full names, `target` is a SELECT of `id` and `label` (a boolean) at `:as_of`.

    With `horizon_days` the features are those of as_of - horizon and the label is what came true since; without,
    both are of the same day (a cross-section). `folds` groups are held back once each, drawn by household.
    `whose` is whose private data the score may rest on: of other people's it sees nothing.
    """

    name: str
    entity: Entity
    features: tuple[str, ...]
    target: str
    target_file: str
    learner: LearnerName
    place: Place
    horizon_days: int | None = None
    folds: int = 5
    whose: Whose = "person"
    purposes: tuple[str, ...] = ("marketing", "care")
    owner: str = ""
    help: str = ""


def score_features(specs: Iterable[ModelSpec]) -> list[Feature]:
    """The catalogue entries of the models' scores: `score.<model>`, a probability for each of their entities."""
    return [
        Feature(
            entity=spec.entity, name=spec.name, type="number", unit="probability", help=spec.help,
            purposes=spec.purposes, whose=spec.whose, owner=spec.owner, file=spec.place.file, namespace="score",
        )
        for spec in specs
    ]  # fmt: skip

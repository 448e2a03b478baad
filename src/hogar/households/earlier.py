"""What does a resolution take over from the one before? Reads and writes what is kept for it beside the result.

Ids and history go on from the earlier households; its models, where they are asked for, keep probabilities comparable.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hogar.errors import UsageError
from hogar.households.constants import FACES, KINDS
from hogar.households.mixture import Model, Models
from hogar.households.succession import View

MODELS = "models.json"


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """The resolution before: who was who and who lived where, and the history up to then."""

    view: View
    history: pa.Table
    folder: Path


class KeptModel(msgspec.Struct, frozen=True, kw_only=True):
    """A model as it is written: shares by face, and by kind of evidence a row a face of one probability a level."""

    shares: list[float]
    tables: dict[str, list[list[float]]]
    iterations: int


class KeptModels(msgspec.Struct, frozen=True, kw_only=True):
    """Both models as they are written, with the faces that they speak of."""

    faces: list[str]
    alone: KeptModel
    among: KeptModel


def read_earlier(folder: Path) -> Earlier | None:
    """The resolution in this folder, or None where it is of a release that kept no history."""
    names = ("party_person", "membership", "home", "history")
    if not all((folder / f"{name}.parquet").is_file() for name in names):
        return None
    persons, membership, homes, history = (pq.read_table(folder / f"{name}.parquet") for name in names)
    return Earlier(
        view=View(party_person=persons, membership=membership, homes=homes), history=history, folder=folder
    )


def write_models(models: Models | None, folder: Path) -> None:
    """Keep the models beside the result; without models nothing is written."""
    if models is not None:
        (folder / MODELS).write_bytes(models_bytes(models))


def models_bytes(models: Models) -> bytes:
    """The models as they are written."""
    kept = KeptModels(
        faces=[face.name for face in FACES], alone=_kept(models.alone), among=_kept(models.among)
    )
    return msgspec.json.format(msgspec.json.encode(kept))


def read_models(folder: Path) -> Models:
    """The models kept in this folder; a `UsageError` where there are none, or of other evidence than this release's."""
    path = folder / MODELS
    if not path.is_file():
        raise UsageError(
            f"{path}: the resolution before left no models; run `hogar resolve` without `--frozen` once"
        )
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=KeptModels)
        if kept.faces != [face.name for face in FACES]:
            raise ValueError("other faces")
        return Models(alone=_model(kept.alone), among=_model(kept.among))
    except (ValueError, KeyError, msgspec.MsgspecError) as error:
        raise UsageError(
            f"{path}: these models are of another release or damaged; run `hogar resolve` without `--frozen` once"
        ) from error


def _kept(model: Model) -> KeptModel:
    tables = {kind.name: table[:, :-1].tolist() for kind, table in zip(KINDS, model.tables, strict=True)}
    return KeptModel(shares=model.shares.tolist(), tables=tables, iterations=model.iterations)


def _model(kept: KeptModel) -> Model:
    tables = []
    for kind in KINDS:
        table = np.array(kept.tables[kind.name], dtype=np.float64)
        if table.shape != (len(FACES), len(kind.words)) or not (table > 0).all():
            raise ValueError(kind.name)
        tables.append(np.column_stack([table, np.ones(len(FACES))]))
    shares = np.array(kept.shares, dtype=np.float64)
    if shares.shape != (len(FACES),) or not (shares > 0).all():
        raise ValueError("shares")
    return Model(shares=shares, tables=tuple(tables), iterations=kept.iterations)

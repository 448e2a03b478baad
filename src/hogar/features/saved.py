"""How are the catalogue and the live counters kept? As JSON beside what they describe: a step's folder explains itself.

`features` writes the features' part, `train` the scores' part; `load_catalogue` joins them.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from hogar.errors import HogarError
from hogar.telco.catalogue import Catalogue, Feature
from hogar.telco.live import Counter

FILE = "catalogue.json"
COUNTERS = "counters.json"


class CatalogueMissing(HogarError):
    """A step's folder holds no catalogue."""


def save_catalogue(folder: Path, catalogue: Catalogue) -> None:
    """Write the catalogue into a step's folder."""
    (folder / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(list(catalogue)), indent=2) + b"\n")


def load_catalogue(*folders: Path) -> Catalogue:
    """The catalogues of some steps' folders (`features`, `train`) as one. Raises `CatalogueMissing`."""
    features: list[Feature] = []
    for folder in folders:
        path = folder / FILE
        if not path.is_file():
            raise CatalogueMissing(f"{path} is not there; run `hogar build` again")
        features += msgspec.json.decode(path.read_bytes(), type=list[Feature])
    return Catalogue.of(features)


def save_counters(folder: Path, counters: tuple[Counter, ...]) -> None:
    """Write the live counters into the step's folder."""
    (folder / COUNTERS).write_bytes(msgspec.json.format(msgspec.json.encode(counters), indent=2) + b"\n")


def load_counters(folder: Path) -> tuple[Counter, ...]:
    """The live counters of the step `features`. Raises `CatalogueMissing`."""
    path = folder / COUNTERS
    if not path.is_file():
        raise CatalogueMissing(f"{path} is not there; run `hogar build` again")
    return msgspec.json.decode(path.read_bytes(), type=tuple[Counter, ...])

"""What may the resolution look at, and what shall it look for? The choices of a project, one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hogar.households.constants import FAMILIES, WITHOUT_DEFAULT

Unit = Literal["household", "person"]


@dataclass(frozen=True, kw_only=True)
class Options:
    """`unit` "person" leaves everybody alone; `without` names families of evidence that are switched off.

    A family that is switched off makes no candidates and no evidence; its column in `pair` is empty. `offnet` looks
    for members at other operators. An unknown family is a `ValueError`.

    >>> Options(without=("place", "ties")).unit
    'household'
    """

    unit: Unit = "household"
    without: tuple[str, ...] = WITHOUT_DEFAULT
    offnet: bool = False

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.without) - set(FAMILIES)):
            raise ValueError(f"`{unknown[0]}` is no family of evidence; there are {', '.join(FAMILIES)}")

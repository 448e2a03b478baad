"""From what was this market drawn? `truth/market.json`: persons, seed and all parameters, to draw the same world again.

Neighbours: `twin_files` writes it with the market's truth; `twin_live` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from hogar.errors import ProblemsFound, UsageError
from hogar.twin import PERSONS_MAX, PERSONS_MIN, SEED_MAX, Market, Params, read_params
from hogar.twin.chance import Chance
from hogar.twin.world import World, draw

FILE = Path("truth") / "market.json"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What a market was drawn from."""

    persons: int
    seed: int
    params: Params


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """The same as the file says it: its parameters are yet to be checked."""

    persons: Annotated[int, msgspec.Meta(ge=PERSONS_MIN, le=PERSONS_MAX)]
    seed: Annotated[int, msgspec.Meta(ge=0, le=SEED_MAX)]
    params: dict[str, Any]


def record_of(market: Market) -> bytes:
    """The file's content for a market."""
    return msgspec.json.encode(Record(persons=market.persons, seed=market.seed, params=market.world.params))


def read_record(project: Path) -> Record:
    """The record of the market in a folder, its parameters checked. Raises `UsageError` without one."""
    path = project / FILE
    try:
        said = msgspec.json.decode(path.read_bytes(), type=_Said)
        return Record(persons=said.persons, seed=said.seed, params=read_params(_toml(said.params), str(path)))
    except OSError:
        raise UsageError(
            f"{path}: there is no such file, so this is no market that `hogar twin generate` of this version made"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ProblemsFound) as error:
        why = error.problems[0].what if isinstance(error, ProblemsFound) else error
        raise UsageError(
            f"{path}: damaged, or of another version ({why}); generate the market again, in another folder"
        ) from None


def _toml(params: Mapping[str, Any]) -> str:
    """The parameters as a parameter file, so that the rules of one hold for them."""
    return "\n".join(f"{_inline(key)} = {_inline(value)}" for key, value in params.items())


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_inline(key)} = {_inline(one)}" for key, one in value.items()) + "}"
    return msgspec.json.encode(value).decode()


def world_of(record: Record) -> World:
    """The same world again."""
    return draw(record.persons, record.params, Chance(record.seed))

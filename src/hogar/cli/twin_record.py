"""From what was this market drawn? `truth/market.json`: persons, seed and all parameters, to draw the same world again.

Neighbours: `twin_files` writes it with the market's truth; `twin_live` reads it.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from hogar.errors import UsageError
from hogar.twin import Market, Params
from hogar.twin.chance import Chance
from hogar.twin.world import World, draw

FILE = Path("truth") / "market.json"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What a market was drawn from."""

    persons: int
    seed: int
    params: Params


def record_of(market: Market) -> bytes:
    """The file's content for a market."""
    return msgspec.json.encode(Record(persons=market.persons, seed=market.seed, params=market.world.params))


def read_record(project: Path) -> Record:
    """The record of the market in a folder. Raises `UsageError` without one."""
    path = project / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Record)
    except OSError:
        raise UsageError(
            f"{path}: there is no such file, so this is no market that `hogar twin generate` of this version made"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path}: damaged, or of another version ({error}); generate the market again"
        ) from None


def world_of(record: Record) -> World:
    """The same world again."""
    return draw(record.persons, record.params, Chance(record.seed))

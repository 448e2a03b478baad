"""What has become of the market so far? One file below `truth/live/`, replaced in one step; `twin_live` keeps it.

Holds the state's arrays, which messages were answered (hashes of their keys), and each closed month's totals.
"""

from __future__ import annotations

import io
from dataclasses import asdict, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import msgspec
import numpy as np

from hogar.errors import UsageError
from hogar.stores.durable import replace_file
from hogar.twin.live import Live
from hogar.twin.reactions.crowd import Crowd
from hogar.twin.reactions.month import Totals
from hogar.twin.reactions.state import State
from hogar.twin.world import World

FOLDER = Path("truth") / "live"


def load(folder: Path, world: World, seed: int, *, given: bool) -> tuple[Live, set[int], list[Totals]]:
    """The market as the last call left it (or at its extract), what was answered, and its closed months.

    `given`: the seed was asked for, and another one is refused. Raises `UsageError` for a damaged file.
    """
    path = folder / FOLDER / "state.npz"
    crowd = Crowd.of(world, seed)
    fresh = Live.of(crowd, world.params.reactions, seed)
    if not path.exists():
        return fresh, set(), []
    try:
        with np.load(path) as kept:
            said = msgspec.json.decode(kept["said"].tobytes())
            arrays = {name: kept[name] for name in fresh.state.columns()}
            answered = set(kept["answered"].tolist())
        if said["seed"] != seed and not given:
            fresh = Live.of(Crowd.of(world, said["seed"]), world.params.reactions, said["seed"])
        elif said["seed"] != seed:
            raise UsageError(
                f"{path.parent}: its future has the seed {said['seed']}; remove the folder to begin another"
            )
        state: State = replace(fresh.state, **arrays, **said["state"])
        if any(arrays[name].shape[1:] != one.shape[1:] for name, one in fresh.state.columns().items()):
            raise ValueError("other columns")
        if len(state.living) != len(fresh.state.living) or len(state.annoyance) != len(fresh.state.annoyance):
            raise ValueError("another market")
        months = msgspec.convert(said["months"], list[Totals])
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, msgspec.MsgspecError) as error:
        raise UsageError(
            f"{path}: no state of this market ({error}); remove {path.parent} to begin anew"
        ) from None
    fresh.state = state
    return fresh, answered, months


def save(folder: Path, market: Live, answered: set[int], months: list[Totals]) -> None:
    """Keeps all of it, in one step."""
    state = market.state
    said = {
        "seed": market.seed, "months": [asdict(one) for one in months],
        "state": {"month": state.month, "cost_cents": state.cost_cents, "sent": state.sent, "opt_outs": state.opt_outs},
    }  # fmt: skip
    keys = np.array(sorted(answered), dtype=np.uint64)
    content = io.BytesIO()
    words = np.frombuffer(msgspec.json.encode(said), dtype=np.uint8)
    columns: dict[str, Any] = state.columns() | {"said": words, "answered": keys}
    np.savez_compressed(content, **columns)
    replace_file(folder / FOLDER / "state.npz", content.getvalue())


def key_of(text: str) -> int:
    """A short hash of a message's key."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())

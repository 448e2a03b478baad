"""What were the numbers made of? The texts that define them, kept by each step beside what it made.

A step takes over what the steps before it kept, and adds its own: so a version of the profiles knows the definitions
that it really was made of, whatever the project's files say by now. Before: `steps`. After: `publish` puts them among
the strategy's texts (`strategy.definitions`).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from hogar.build.work import Work

FILE = "definitions.json"
FOLDERS = {"ingest": "sources", "features": "features", "train": "models"}
SETTINGS = "hogar.toml"


def own_definitions(work: Work, step: str) -> dict[str, str]:
    """What this step adds: the texts of its folder, or the settings that it reads."""
    if step == "resolve":
        options = work.households
        without = ", ".join(options.without)
        return {
            f"{SETTINGS} [households]": f"unit: {options.unit}\nwithout: {without}\noffnet: {options.offnet}\n"
        }
    found = work.texts(FOLDERS[step])
    if step == "ingest" and work.silos:
        silos = "".join(f"{name}: {settings}\n" for name, settings in sorted(work.silos.items()))
        found[f"{SETTINGS} [silos]"] = silos
    return found


def keep_definitions(out: Path, own: dict[str, str], before: Iterable[Path]) -> None:
    """Write what a step was made of into its folder: what the steps before it kept, and its own."""
    (out / FILE).write_bytes(msgspec.json.encode({**kept_definitions(before), **own}, order="sorted"))


def kept_definitions(steps: Iterable[Path]) -> dict[str, str]:
    """What these finished steps were made of; where two of them had another text of one file, both."""
    found: dict[str, str] = {}
    for step in steps:
        for path, text in _read(step).items():
            if found.setdefault(path, text) != text:
                found[f"{path} (as `{step.parent.name}` had it)"] = text
    return found


def _read(step: Path) -> dict[str, str]:
    file = step / FILE
    return msgspec.json.decode(file.read_bytes(), type=dict[str, str]) if file.is_file() else {}

"""Is an ingest stale? A name for all that it would read; the same name means that nothing changed.

Takes the project, the data folder and the settings; reads every byte of every file. After: `build` compares.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from hogar.sources.silos import SiloSettings, find_silos
from hogar.telco.tables import TABLES


def fingerprint(*, project: Path, data: Path, silos: Mapping[str, SiloSettings]) -> str:
    """A name for what an ingest would read: the files' bytes and names, the settings, the sources, our tables.

    32 hex digits. It does not depend on now: the same files give the same name tomorrow.
    Raises `SourcesError` where there is no data folder.
    """
    found, _ = find_silos(data, silos)
    whole = hashlib.blake2b(digest_size=16)
    whole.update(repr(TABLES).encode())
    for silo in found:
        whole.update(repr((silo.name, silo.settings)).encode("utf-8", "surrogateescape"))
        for file in silo.files:
            whole.update(file.encode("utf-8", "surrogateescape") + b"\0" + _digest(data / file))
    for path in sorted((project / "sources").glob("*.sql")):
        whole.update(path.name.encode("utf-8", "surrogateescape") + b"\0" + _digest(path))
    return whole.hexdigest()


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").digest()

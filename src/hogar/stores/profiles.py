"""Where does a decision read what is published? One immutable LMDB file a version, a household in one read.

`write_profiles` fills a folder once; `Profiles` reads it, from any number of threads and processes. Keys are ids as
UTF-8, values positional MessagePack; beside the households stand persons, lines and parties with their household.
After: `runtime` gathers situations from it. Before: `build.profile` makes what is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lmdb
import msgspec

from hogar.stores.manifest import seal, size_of, sizes_of
from hogar.stores.profile_file import CLOSED, TABLES, ProfilesError, SharedFile
from hogar.telco.profile import HouseholdProfile, ProfileSchema

__all__ = ["Profiles", "ProfilesError", "write_profiles"]

FILE = "profiles.mdb"
SCHEMA = "schema.msgpack"
MAP_SIZE = 1 << 38  # bytes of addresses, not of disk: the file is as large as what is in it
KEY_MAX = 511  # bytes, LMDB's own bound
BATCH = 2_000  # households a write transaction


def write_profiles(
    folder: Path, schema: ProfileSchema, households: Iterable[HouseholdProfile]
) -> ProfileSchema:
    """Write one version into `folder` and return its schema, named by the content of all that was written.

    Households come in the order of their ids, each person, line and party in one of them only; else
    `ProfilesError`. The caller publishes the folder when this has returned: everything is on disk then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    encoder = msgspec.msgpack.Encoder()
    digest = hashlib.sha256(encoder.encode(msgspec.structs.replace(schema, version="")))
    env = lmdb.open(
        str(folder / FILE), subdir=False, map_size=MAP_SIZE, max_dbs=len(TABLES), lock=False, sync=False,
        metasync=False,
    )  # fmt: skip
    try:
        tables = [env.open_db(name) for name in TABLES]
        waiting = iter(households)
        before = ""
        while True:
            with env.begin(write=True) as txn:
                written = 0
                for household in waiting:
                    if household.id <= before:
                        raise ProfilesError(f"household {household.id} comes after {before}; ids must rise")
                    before = household.id
                    value = encoder.encode(household)
                    digest.update(value)
                    _put(txn, tables, household, value)
                    written += 1
                    if written == BATCH:
                        break
            if written < BATCH:
                break
        env.sync(True)
    finally:
        env.close()
    named = msgspec.structs.replace(schema, version=digest.hexdigest())
    (folder / SCHEMA).write_bytes(encoder.encode(named))
    seal(folder)
    return named


class Profiles:
    """One published version, read only. Close it when a newer one has taken over."""

    def __init__(self, shared: SharedFile, schema: ProfileSchema) -> None:
        self.schema = schema
        self._path = shared.path
        self._shared: SharedFile | None = shared
        self._env: Any = shared.env
        self._household, self._person, self._line, self._party = shared.tables
        self._decoder = msgspec.msgpack.Decoder(HouseholdProfile)

    @classmethod
    def open(cls, folder: Path) -> Profiles:
        """Open the version in `folder`. Raises `ProfilesError` where there is none or it is damaged."""
        schema, path = cls.schema_of(folder), folder / FILE
        size = (sizes_of(folder) or {}).get(FILE)
        if size is not None and size_of(path) != size:  # reading on would end the process: the file is mapped
            found = size_of(path)
            what = "is gone" if found is None else f"has {found:,} bytes of {size:,}"
            raise ProfilesError(f"{path} {what}; run `hogar publish` again")
        with _in_words(path):
            return cls(SharedFile.open(path.resolve()), schema)

    @staticmethod
    def schema_of(folder: Path) -> ProfileSchema:
        """The schema of the version in `folder`, without opening it. Raises `ProfilesError`."""
        try:
            return msgspec.msgpack.decode((folder / SCHEMA).read_bytes(), type=ProfileSchema)
        except (OSError, msgspec.MsgspecError) as error:
            raise ProfilesError(
                f"{folder / SCHEMA} cannot be read: {error}; run `hogar publish` again"
            ) from error

    @property
    def count(self) -> int:
        """How many households the version holds."""
        with self._begin() as txn:
            return int(txn.stat(self._household)["entries"])

    def household(self, household_id: str) -> HouseholdProfile | None:
        """One household, None where the version does not know it."""
        with self._begin() as txn:
            value = _get(txn, self._household, household_id)
            return None if value is None else self._decoder.decode(value)

    def of_person(self, person_id: str) -> str | None:
        """The household of a person."""
        return self._owner(self._person, person_id)

    def of_line(self, line_id: str) -> str | None:
        """The household in which a line's user lives."""
        return self._owner(self._line, line_id)

    def of_party(self, party_id: str) -> str | None:
        """The household of a party, as a source knows it."""
        return self._owner(self._party, party_id)

    def households(self, after: str | None = None, limit: int | None = None) -> Iterator[HouseholdProfile]:
        """Households in the order of their ids: those behind `after`, at most `limit` of them.

        The version is immutable, so a scan may stop and go on later from the last id it saw.
        """
        left = -1 if limit is None else limit
        with self._begin() as txn, txn.cursor(db=self._household) as cursor:
            found = cursor.set_range(after.encode()) if after else cursor.first()
            if found and after and bytes(cursor.key()) == after.encode():
                found = cursor.next()
            while found and left != 0:
                yield self._decoder.decode(cursor.value())
                left -= 1
                found = cursor.next()

    def ids(self) -> Iterator[str]:
        """The ids of all households in their order, without reading the households."""
        with self._begin() as txn, txn.cursor(db=self._household) as cursor:
            for key in cursor.iternext(keys=True, values=False):
                yield str(key, "utf-8")

    def close(self) -> None:
        """Let go of the file; reading afterwards is an error. Closing twice is none."""
        if self._shared is not None:
            self._shared.leave()
            self._shared = None
            self._env = CLOSED

    def _owner(self, table: Any, id: str) -> str | None:
        with self._begin() as txn:
            value = _get(txn, table, id)
            return None if value is None else str(value, "utf-8")

    @contextmanager
    def _begin(self) -> Iterator[Any]:
        """One read transaction; what is damaged in the file becomes a `ProfilesError`."""
        with _in_words(self._path), self._env.begin(buffers=True) as txn:
            yield txn


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Whatever LMDB or the decoder says of a damaged file, as a `ProfilesError` with the cure."""
    try:
        yield
    except (lmdb.Error, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ProfilesError(
            f"{path} cannot be read: {error}; delete {path.parent} and run `hogar publish` again"
        ) from error


def _get(txn: lmdb.Transaction, table: Any, id: str) -> Any:
    key = id.encode("utf-8", "surrogateescape")  # a command's argument need not be UTF-8
    return txn.get(key, db=table) if 0 < len(key) <= KEY_MAX else None


def _put(txn: lmdb.Transaction, tables: list[Any], household: HouseholdProfile, value: bytes) -> None:
    owner = household.id.encode()
    ids = (
        [owner],
        [member.id.encode() for member in household.members],
        [line.id.encode() for line in household.lines],
        [party.encode() for member in household.members for party in member.parties],
    )
    for number, (table, keys) in enumerate(zip(tables, ids, strict=True)):
        for key in keys:
            if not 0 < len(key) <= KEY_MAX:
                raise ProfilesError(
                    f"an id of {len(key)} bytes in household {household.id}; 1 to {KEY_MAX} fit"
                )
            if not txn.put(key, owner if number else value, db=table, overwrite=False, append=number == 0):
                what = TABLES[number].decode()
                raise ProfilesError(f"{what} {key.decode()} is in two households, {household.id} is one")

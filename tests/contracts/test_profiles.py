"""What every profile store promises: a household in one read, in order, immutable, by any of its ids."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from hogar.stores.profiles import Profiles, ProfilesError, write_profiles
from hogar.telco.profile import (
    HouseholdProfile,
    LineProfile,
    MemberProfile,
    OfferFact,
    ProfileColumn,
    ProfileSchema,
)

SCHEMA = ProfileSchema(
    version="", membership="m", models="s", as_of="2026-03-02",
    household=(ProfileColumn(name="household.adults", type="number"),), person=(), line=(), offers=("FAM-3",),
)  # fmt: skip
FACT = OfferFact(0, True, False, None, 4200, None, 4500)


def household(number: int) -> HouseholdProfile:
    """A household of two with a line."""
    members = tuple(
        MemberProfile(
            id=f"P-{number:04}-{n}", parties=(f"crm:{number}-{n}", f"web:{number}-{n}"), membership=0.9, minor=None,
            objects=False, marketing=5, language="es", payer=0, roles=(0.5,) * 6, values=b"", offers=(),
        )
        for n in range(2)
    )  # fmt: skip
    line = LineProfile(id=f"l:{number}", user=1, payer=0, holder=-1, values=b"", offers=(FACT,))
    values = struct.pack("<d", number)
    return HouseholdProfile(
        f"H-{number:04}", f"a{number}", 0, ((1, "P-x"),), values, (FACT,), members, (line,)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A version with 25 households."""
    write_profiles(tmp_path, SCHEMA, (household(n) for n in range(25)))
    return tmp_path


@pytest.fixture
def profiles(folder: Path) -> Iterator[Profiles]:
    """That version, opened."""
    opened = Profiles.open(folder)
    yield opened
    opened.close()


def test_a_household_comes_back_as_it_was_written(profiles: Profiles) -> None:
    """Every value, unknown ones too; an id that is not there gives None."""
    assert profiles.household("H-0007") == household(7)
    assert profiles.household("H-9999") is None
    assert profiles.household("") is None
    assert profiles.count == 25


def test_every_id_leads_to_its_household(profiles: Profiles) -> None:
    """Persons, lines and parties; what is unknown leads nowhere."""
    assert profiles.of_person("P-0003-1") == "H-0003"
    assert profiles.of_line("l:3") == "H-0003"
    assert profiles.of_party("web:3-0") == "H-0003"
    assert (profiles.of_person("l:3"), profiles.of_line("x"), profiles.of_party("P-0003-1")) == (
        None,
        None,
        None,
    )


def test_a_scan_goes_in_order_and_can_be_taken_up_again(profiles: Profiles) -> None:
    """Pages by the last id seen give what one scan gives; limits of nothing give nothing."""
    whole = [found.id for found in profiles.households()]
    assert whole == [f"H-{n:04}" for n in range(25)]
    pages: list[str] = []
    while page := [found.id for found in profiles.households(after=pages[-1] if pages else None, limit=7)]:
        pages += page
    assert pages == whole
    assert list(profiles.households(limit=0)) == []
    assert [found.id for found in profiles.households(after="H-0005x", limit=1)] == ["H-0006"]


def test_the_version_is_named_by_its_content(tmp_path: Path) -> None:
    """The same content has the same name; another value, or another meaning of the positions, another."""
    once, twice, other = (
        write_profiles(tmp_path / name, SCHEMA, [household(1), household(number)]).version
        for name, number in (("one", 2), ("two", 2), ("three", 3))
    )
    renamed = msgspec.structs.replace(
        SCHEMA, household=(ProfileColumn(name="household.lines", type="number"),)
    )
    assert once == twice
    assert (
        len({once, other, write_profiles(tmp_path / "four", renamed, [household(1), household(2)]).version})
        == 3
    )
    assert Profiles.schema_of(tmp_path / "one").version == once


def test_an_empty_version_can_be_read(tmp_path: Path) -> None:
    """No households: count 0, no scan, no error."""
    write_profiles(tmp_path, SCHEMA, [])
    profiles = Profiles.open(tmp_path)
    assert (profiles.count, list(profiles.households())) == (0, [])
    profiles.close()


def test_many_may_open_one_version(folder: Path) -> None:
    """Opened twice in one process; closing one leaves the other; a closed one says so."""
    one, two = Profiles.open(folder), Profiles.open(folder)
    one.close()
    one.close()
    assert two.household("H-0001") is not None
    with pytest.raises(ProfilesError, match="closed"):
        one.household("H-0001")
    two.close()


def test_threads_read_at_the_same_time(profiles: Profiles) -> None:
    """Eight threads read what one does."""
    wrong: list[int] = []

    def read() -> None:
        wrong.extend(
            n for n in range(25) for _ in range(20) if profiles.household(f"H-{n:04}") != household(n)
        )

    threads = [Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize(
    ("numbers", "said"),
    [((2, 1), "ids must rise"), ((1, 1), "ids must rise")],
)
def test_households_that_do_not_rise_are_refused(tmp_path: Path, numbers: tuple[int, ...], said: str) -> None:
    """A version is written in order, each household once."""
    with pytest.raises(ProfilesError, match=said):
        write_profiles(tmp_path, SCHEMA, [household(n) for n in numbers])


def test_nobody_lives_twice(tmp_path: Path) -> None:
    """A person, line or party in two households is refused, with its name."""
    double = msgspec.structs.replace(household(2), members=household(1).members)
    with pytest.raises(ProfilesError, match="person P-0001-0 is in two households, H-0002 is one"):
        write_profiles(tmp_path, SCHEMA, [household(1), double])


@pytest.mark.parametrize("broken", ["profiles.mdb", "schema.msgpack"])
def test_a_damaged_version_says_what_to_do(folder: Path, broken: str) -> None:
    """Missing or garbled files: an error in words, not a crash."""
    (folder / broken).write_bytes(b"garbled")
    with pytest.raises(ProfilesError, match="run `hogar publish` again"):
        Profiles.open(folder)
    (folder / broken).unlink()
    with pytest.raises(ProfilesError, match="run `hogar publish` again"):
        Profiles.open(folder)


@pytest.mark.parametrize("bytes_left", [0, 100, 4096, 8192, 12288])
def test_a_file_cut_short_is_an_error_in_words(folder: Path, bytes_left: int) -> None:
    """A mapped file that ends too early would end the process; it is refused before it is read."""
    os.truncate(folder / "profiles.mdb", bytes_left)
    with pytest.raises(ProfilesError, match="run `hogar publish` again"):
        Profiles.open(folder)


def test_damage_in_place_is_an_error_in_words(folder: Path) -> None:
    """Bytes that changed while the size stayed: what reading finds is said with its cure."""
    file = folder / "profiles.mdb"
    content = file.read_bytes()
    assert b"H-0001" in content
    file.write_bytes(content[:8192] + b"\0" * (len(content) - 8192))
    with pytest.raises(ProfilesError, match=r"delete .* and run `hogar publish` again"):
        list(Profiles.open(folder).households())

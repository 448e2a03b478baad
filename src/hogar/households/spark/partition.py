"""What does a partition do with its tables? The same functions as one machine, on its part of the market."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from hogar.households.mixture import Model
from hogar.households.pairs import closure, scored
from hogar.households.persons import persons
from hogar.households.resolve import _households
from hogar.households.spark.exchange import Tables
from hogar.households.steps import Steps
from hogar.stores import warehouse

_HOME = ("person_id", "kind", "postcode", "street", "number", "unit")


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What every step of a resolution shares: its day, and the tables that stay empty."""

    now: date
    empty: frozenset[str] = frozenset()


@contextmanager
def steps_over(tables: Tables, frame: Frame) -> Iterator[Steps]:
    """Steps on a connection of their own, in which these tables are views; one thread, as Spark counts cores."""
    with warehouse.connect(threads=1) as con:
        for name, table in tables.items():
            con.register(name, table)
        steps = Steps(con=con, empty=frame.empty)
        steps.start(frame.now)
        yield steps


def run_steps(tables: Tables, *, names: tuple[str, ...], keep: tuple[str, ...], frame: Frame) -> Tables:
    """Run the files of these steps, in this order; the tables to keep."""
    with steps_over(tables, frame) as steps:
        steps.run(*names)
        return {name: steps.read(f"FROM {name}") for name in keep}


def one_person(tables: Tables) -> Tables:
    """Which of the parties here are one person; all that are linked are here."""
    return {"party_person": persons(tables["party"].sort_by("party_id"), tables["party_link"])}


def score(tables: Tables, *, model: Model | None) -> Tables:
    """The pairs with probability and terms."""
    return {"pair": scored(tables["pair"], model)}


def chains(tables: Tables) -> Tables:
    """The pairs to look at besides, of components that are here as a whole."""
    return {"candidate": closure(tables["pair"])}


def live_together(tables: Tables, *, frame: Frame) -> Tables:
    """The membership of the persons marked `mine`: their components are here as a whole, with every pair they touch."""
    pairs = tables["pair"].sort_by([("person_a", "ascending"), ("person_b", "ascending")]).combine_chunks()
    mine = tables["individual"].filter(tables["individual"]["mine"])["person_id"].combine_chunks()
    no_home = pa.table({name: pa.array([], pa.string()) for name in _HOME})
    no_party = pa.table({name: pa.array([], pa.string()) for name in ("party_id", "person_id")})
    with steps_over(
        {"individual": tables["individual"], "party_person": no_party, "home": no_home}, frame
    ) as steps:
        _, version = _households(steps, pairs, None, frame.now)
    found = version.membership
    return {"membership": found.filter(pc.is_in(found["person_id"], value_set=mine))}

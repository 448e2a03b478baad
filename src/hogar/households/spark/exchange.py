"""How does a partition get its tables and give back its own? Many tables travel as one, in pieces of Arrow.

Rows carry the number of the partition they are for. There the pieces become Arrow tables again, a function of Arrow
tables works on them, and what it made comes back as records, a column a table. Functions must survive pickling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

PART, NAME = "part", "table_name"
PIECES = f"{PART} int, {NAME} string, piece binary"
PIECE_ROWS_MAX = 100_000
Tables = dict[str, pa.Table]
Schemas = Mapping[str, pa.Schema]
Work = Callable[[Tables], Tables]


def exchange(rows: Mapping[str, DataFrame], parts: int, work: Work, outputs: Schemas) -> DataFrame:
    """What `work` makes of each partition's tables: partition, name of a table, and a column of records a table.

    `rows` are the tables by name, each with the column `part`: the number of the partition that needs the row.
    """
    from pyspark.sql.pandas.types import to_arrow_schema

    inputs = {name: to_arrow_schema(table.drop(PART).schema) for name, table in rows.items()}
    pieces = [table.mapInArrow(Packer(name=name), PIECES) for name, table in rows.items()]
    together = reduce(lambda one, other: one.unionAll(other), pieces)
    worker = Worker(work=work, inputs=inputs, outputs=dict(outputs))
    return together.repartitionById(parts, PART).mapInArrow(worker, worker.schema())


def of(exchanged: DataFrame, name: str) -> DataFrame:
    """One table out of what `exchange` gave."""
    return exchanged.where(exchanged[NAME] == name).select(f"`{name}`.*")


@dataclass(frozen=True, kw_only=True)
class Packer:
    """Makes pieces of a table's rows, one for each partition that they are for, to be sent there."""

    name: str

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        arrived = list(batches)
        if not arrived:
            return
        table = pa.Table.from_batches(arrived)
        for part in pc.unique(table[PART]).to_pylist():
            mine = table.filter(pc.equal(table[PART], part)).drop_columns([PART])
            for start in range(0, len(mine), PIECE_ROWS_MAX):
                piece = _written(mine.slice(start, PIECE_ROWS_MAX))
                yield pa.RecordBatch.from_pydict(
                    {PART: [part], NAME: [self.name], "piece": [piece]},
                    pa.schema({PART: pa.int32(), NAME: pa.string(), "piece": pa.binary()}),
                )


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Reads the pieces that arrive at one place, works on each partition by itself, and packs what it made."""

    work: Work
    inputs: dict[str, pa.Schema]
    outputs: dict[str, pa.Schema]

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        arrived: dict[int, dict[str, list[pa.Table]]] = {}
        for batch in batches:
            for part, name, piece in zip(*(batch[column] for column in (PART, NAME, "piece")), strict=True):
                tables = arrived.setdefault(part.as_py(), {})
                tables.setdefault(name.as_py(), []).append(pa.ipc.open_stream(piece.as_buffer()).read_all())
        for part in sorted(arrived):
            pieces = arrived.pop(part)
            tables = {
                name: pa.concat_tables(pieces[name]) if name in pieces else schema.empty_table()
                for name, schema in self.inputs.items()
            }
            made = self.work(tables)
            for name in self.outputs:
                yield from self._pack(part, name, made[name])

    def schema(self) -> StructType:
        """What Spark must know of the rows that come back."""
        from pyspark.sql.pandas.types import from_arrow_schema

        schema: StructType = from_arrow_schema(self._packed(), prefer_timestamp_ntz=True)
        return schema

    def _packed(self) -> pa.Schema:
        records = [pa.field(name, pa.struct(list(schema))) for name, schema in self.outputs.items()]
        return pa.schema([pa.field(PART, pa.int32()), pa.field(NAME, pa.string()), *records])

    def _pack(self, part: int, name: str, table: pa.Table) -> Iterator[pa.RecordBatch]:
        packed = self._packed()
        for batch in table.cast(self.outputs[name]).to_batches(max_chunksize=10_000):
            rows = batch.num_rows
            columns = {
                PART: pa.repeat(pa.scalar(part, pa.int32()), rows),
                NAME: pa.repeat(pa.scalar(name), rows),
                **{other: pa.nulls(rows, packed.field(other).type) for other in self.outputs},
                name: batch.to_struct_array(),
            }
            yield pa.RecordBatch.from_arrays([columns[field.name] for field in packed], schema=packed)


def _written(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())

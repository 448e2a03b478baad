"""Which rows of a table are other ones than before? Runs steps again for what changed, and tells what came and went.

Every kept table stands in the database `kept` and is brought up to date in its place. Beside it stand `come_X` and
`gone_X` (rows), `delta_X` (both) and `every_X` (what is there or was). The files of `sql/again` say in their first
tables which owners a change touches, and in the others which rows the steps need for these: a table of that name
hides the whole one while the steps run. Then the owners' rows are replaced. After: `incremental`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import resources

import pyarrow as pa

from hogar.households.kept import INPUTS, STEPS, named
from hogar.households.steps import Steps, query

TABLES = (*INPUTS, *STEPS)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Steps that run again together; `keep` names their tables that stay.

    `owner` are the columns by which rows are replaced. `touched` is the file in `sql/again`; without one the steps run
    on everything, and rows are compared. `matters`, where given, is all of a row that later steps look at: only a
    change of it is a change. A table without an owner is small and replaced as a whole.
    """

    steps: tuple[str, ...]
    keep: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    touched: str | None = None
    matters: str = "*"

    def made(self) -> tuple[str, ...]:
        """The tables that stay."""
        return self.keep or tuple(step.split("_", 1)[1] for step in self.steps)

    def reads(self) -> frozenset[str]:
        """The tables a change of which may matter."""
        if self.touched is not None:
            text = "\n".join(sql for _, sql in sections(self.touched))
            return frozenset(re.findall(r"\b(?:delta|gone|come)_(\w+)", text))
        words = frozenset(word for step in self.steps for word in re.findall(r"\w+", query(step)))
        return words & frozenset(TABLES) - frozenset(self.made())


@dataclass(kw_only=True)
class Changes:
    """The kept tables while they are brought up to date, and how many rows of each came or went."""

    steps: Steps
    rows: dict[str, int] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def run(self, *groups: Group) -> None:
        """Bring the tables of these groups up to date, where anything that they read has changed."""
        for group in groups:
            if not any(self.rows.get(name) for name in group.reads()):
                continue
            hiding = self.make(group.touched) if group.touched else []
            self.steps.run(*group.steps)
            for name in group.made():
                self.replace(name, group)
            self.drop(*hiding, *(step.split("_", 1)[1] for step in group.steps))

    def make(self, file: str) -> list[str]:
        """Make the tables of this file of `sql/again`; their names."""
        names = []
        for name, sql in sections(file):
            self._beside(sql)
            self.steps.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS\n{sql}")
            names.append(name)
        return names

    def drop(self, *names: str) -> None:
        """Forget temporary tables, so that the whole ones show again."""
        for name in dict.fromkeys(names):
            self.steps.con.execute(f"DROP TABLE IF EXISTS temp.{name}")

    def replace(self, name: str, group: Group) -> None:
        """Put the rows of `temp.name` in the place of those that the kept table has, for the owners in `touched`."""
        con, owner, matters = self.steps.con, ", ".join(group.owner), group.matters
        only = f"SEMI JOIN touched USING ({owner})" if group.touched is not None else ""
        if only:
            self._made("_then", f"FROM kept.{name} {only}")
            self._made("_now", f"FROM temp.{name} {only}")
        then, now = ("temp._then", "temp._now") if only else (f"kept.{name}", f"temp.{name}")
        self._differ(name, f"SELECT {matters} FROM {then}", f"SELECT {matters} FROM {now}")
        if not group.owner:
            con.execute(f"DELETE FROM kept.{name}")
            con.execute(f"INSERT INTO kept.{name} FROM temp.{name}")
        elif self.rows[name] or matters != "*":
            changed = f"(FROM gone_{name} UNION ALL FROM come_{name})"
            self._made("_moved", f"SELECT DISTINCT {owner} FROM {'touched' if matters != '*' else changed}")
            con.execute(f"DELETE FROM kept.{name} WHERE ({owner}) IN (SELECT ({owner}) FROM _moved)")
            con.execute(f"INSERT INTO kept.{name} FROM {now} SEMI JOIN _moved USING ({owner})")

    def put(self, name: str, content: pa.Table, owner: Sequence[str], *, whole: bool = False) -> None:
        """Replace rows by what Python computed: those of the owners in the table `touched`, or all of them."""
        con = self.steps.con
        con.register("_computed", content)
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM _computed")
        con.unregister("_computed")
        self.replace(name, Group(steps=(), owner=tuple(owner), touched=None if whole else ""))
        self.drop(name)

    def compare_inputs(self) -> None:
        """Which rows of the canonical tables on the connection are other ones than those kept; keep them."""
        con = self.steps.con
        for name, columns in INPUTS.items():
            cut = named(columns)
            whole = f"SELECT count(*), bit_xor(hash({cut})) FROM "
            sums = [con.execute(f'{whole}{table}"{name}"').fetchall() for table in ("", "kept.")]
            self.rows[name] = 0
            if sums[0] == sums[1]:
                continue
            self.rows[name] = self._made(
                "_moved",
                f"""
                SELECT row FROM (
                    SELECT hash({cut}) AS row, 1 AS times FROM "{name}"
                    UNION ALL SELECT hash({cut}), -1 FROM kept."{name}"
                ) GROUP BY row HAVING sum(times) <> 0
                """,
            )
            if self.rows[name]:
                moved = f"hash({cut}) IN (FROM _moved)"
                self.rows[name] = self._made(f"gone_{name}", f'SELECT {cut} FROM kept."{name}" WHERE {moved}')
                self.rows[name] += self._made(f"come_{name}", f'SELECT {cut} FROM "{name}" WHERE {moved}')
                con.execute(f'DELETE FROM kept."{name}" WHERE {moved}')
                con.execute(f'INSERT INTO kept."{name}" FROM come_{name}')

    def clear(self) -> None:
        """Drop what stood beside the tables."""
        for name in self.known:
            kind = "VIEW" if name.startswith(("delta_", "every_")) else "TABLE"
            self.steps.con.execute(f"DROP {kind} IF EXISTS temp.{name}")
        self.drop("touched")

    def count(self, sql: str) -> int:
        """The one number that this query gives."""
        [(found,)] = self.steps.con.execute(sql).fetchall()
        return int(found)

    def _differ(self, name: str, then: str, now: str) -> None:
        """Make the tables of what is gone and what came."""
        self._made(
            "_moved",
            f"""
            SELECT * EXCLUDE (_side), sum(_side) > 0 AS _came
            FROM (SELECT *, 1 AS _side FROM ({now}) UNION ALL SELECT *, -1 FROM ({then}))
            GROUP BY ALL
            HAVING sum(_side) <> 0
            """,
        )
        self.rows[name] = self._made(f"gone_{name}", "SELECT * EXCLUDE (_came) FROM _moved WHERE NOT _came")
        self.rows[name] += self._made(f"come_{name}", "SELECT * EXCLUDE (_came) FROM _moved WHERE _came")

    def _made(self, table: str, sql: str) -> int:
        """Make a temporary table; how many rows it has."""
        [(rows,)] = self.steps.con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {sql}").fetchall()
        self.known.add(table)
        return int(rows)

    def _beside(self, sql: str) -> None:
        """Make what a query reads of what came and went, where it is not there yet."""
        for kind, name in re.findall(r"\b(delta|every|gone|come)_(\w+)", sql):
            if f"{kind}_{name}" in self.known or name not in TABLES:
                continue
            for side in ("gone", "come"):
                if f"{side}_{name}" not in self.known:
                    self._made(f"{side}_{name}", f'FROM kept."{name}" LIMIT 0')
            view = f"FROM gone_{name} UNION ALL FROM come_{name}"
            if kind == "every":
                view = f'FROM kept."{name}" UNION ALL BY NAME FROM gone_{name}'
            if kind in ("delta", "every"):
                self.steps.con.execute(f"CREATE TEMP VIEW {kind}_{name} AS {view}")
                self.known.add(f"{kind}_{name}")


def sections(file: str) -> list[tuple[str, str]]:
    """The named queries of a file of `sql/again`, in order."""
    if not file:
        return []
    text = (resources.files("hogar.households") / "sql" / "again" / f"{file}.sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- into (\w+)\n", text, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))

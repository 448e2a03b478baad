"""How fast does a durable decision come over HTTP? The real server, open-loop load from another process.

`python -m benchmarks.inbound --rate 200 --json`. One worker, `synchronous=FULL`, 200 actions of 4 conditions each over
40 features (10 % unknown), households of 5. Requests leave by a schedule, whether or not the last answer came, and
latency counts from the scheduled moment: a server that stalls cannot hide it. Each answer is checked; at the end the
ledger must have every decision that was answered, and a sample must replay byte for byte.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import struct
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import numpy as np
from benchmarks import workload
from benchmarks._frame import print_result

from hogar.runtime.api import serve
from hogar.runtime.engine import Engine
from hogar.runtime.replay import replay
from hogar.runtime.strategies import strategy_of, strategy_row
from hogar.stores.ledger import Ledger
from hogar.stores.moment import to_micros
from hogar.stores.profiles import Profiles, write_profiles
from hogar.telco.catalogue import Catalogue, Feature, FeatureType
from hogar.telco.profile import HouseholdProfile, MemberProfile, ProfileColumn, ProfileSchema
from hogar.telco.roles import ROLES

ACTIONS, CONDITIONS, MEMBERS = 200, 4, 5
CONNECTIONS_MAX = 256
WARM_UP_S = 2.0
SAMPLE = 100


def main() -> None:
    """Build, serve, load, check, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=1000.0, help="requests a second (default 1,000)")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--households", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    parser.add_argument("--serve", metavar="FOLDER", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        _serve(Path(arguments.serve))
        return
    with tempfile.TemporaryDirectory(prefix="hogar-inbound-") as name:
        folder = Path(name)
        _publish(folder, arguments.households, arguments.seed)
        process, url = _start(folder)
        try:
            _pin(1)
            load = asyncio.run(_load(url, arguments))
        finally:
            process.terminate()
            process.wait(30)
        checked = _checked(folder, arguments, load)
        answered = np.array(load.latencies_ms) if load.latencies_ms else np.array([float("nan")])
        print_result(
            "inbound",
            figures={
                "offered_per_s": load.offered / load.seconds, "achieved_per_s": len(load.latencies_ms) / load.seconds,
                "ms_p50": float(np.percentile(answered, 50)), "ms_p99": float(np.percentile(answered, 99)),
                "ms_max": float(answered.max()), "errors": load.errors, "synchronous": "FULL",
                "seconds": load.seconds, "proposed_share": load.proposed / max(len(load.latencies_ms), 1),
                "rows_per_commit": load.rows_per_commit, "assembled_ratio": None,
            },
            peers={}, checked=checked, folder=folder,
            size={
                "actions": ACTIONS, "conditions": CONDITIONS, "features": workload.FEATURES, "members": MEMBERS,
                "households": arguments.households, "workers": 1, "seed": arguments.seed, "rate": arguments.rate,
            },
        )  # fmt: skip
    if not checked or load.errors:
        print(*load.problems[:5], sep="\n", file=sys.stderr)
        sys.exit(1)


# The server's side.


def _serve(folder: Path) -> None:
    _pin(0)
    serve(
        _engine(folder), port=0, open_=True, work=False,
        started=lambda url: print(url, flush=True),
    )  # fmt: skip


def _engine(folder: Path) -> Engine:
    return Engine(
        ledger=Ledger.open(folder / "ledger.db"), zone=ZoneInfo("Europe/Madrid"), clock=lambda: datetime.now(UTC),
        compile_strategy=strategy_of, open_profiles=lambda _: Profiles.open(folder / "profiles"),
        outbox=folder / "outbox",
    )  # fmt: skip


def _publish(folder: Path, households: int, seed: int) -> None:
    catalogue = Catalogue.of(
        [
            Feature(entity="person", name=f"f{n:02d}", type=_type(n), whose="person")
            for n in range(workload.FEATURES)
        ]
    )
    row = strategy_row(_texts(seed), catalogue, None, at=workload.NOW, by="benchmark", why="")
    rng = np.random.default_rng(seed)
    written = write_profiles(folder / "profiles", _schema(), (_home(n, rng) for n in range(households)))
    with Ledger.open(folder / "ledger.db") as ledger:
        ledger.publish_strategy(row)
        ledger.point(
            {"strategy": row.hash, "profile": written.version}, at=to_micros(workload.NOW), by="benchmark"
        )


def _texts(seed: int) -> dict[str, str]:
    """The kernel's workload as strategy files, spoken on the web."""
    texts = {
        "strategy/policies.yml": (
            "languages: [es]\nchannels:\n  web: {reach: 0.9}\n"
            "contact_rules:\n"
            "  - {name: shown_1d, per: household, kind: impression, channels: [web], max: 60, days: 1}\n"
            "house_rules: {open_complaint: off, spend_band: off}\n"
            "control_group: {share: 0.05, salt: benchmark}\nproposals_max: {inbound: 3}\n"
        ),
        "strategy/objectives.yml": "objectives: {yearly: {value: action.value_eur}}\ndefault: yearly\n",
        "strategy/roles.yml": (
            "priors:\n  yes: {" + ", ".join(f"{role}: 0.6" for role in ROLES) + "}\n  pass_on: 0.4\n"
            "  holder_default: 0.7\n  declared: 0.95\n  adviser: 0.5\nprofile_types:\n"
            "  all: {roles: [financial_controller], self_sufficient: true}\n"
            + "".join(f"  depends_{n}: {{roles: [consumer]}}\n" for n in range(5))
        ),
    }  # fmt: skip
    for number, rule in enumerate(workload.rules(ACTIONS, CONDITIONS, np.random.default_rng(seed))):
        factor, value = rule.interest, rule.value
        texts[f"strategy/actions/action_{number:03d}.yml"] = json.dumps(
            {
                "name": f"Action {number}", "purpose": "grow", "scope": "person",
                "suitable_when": " and ".join(test.sql for test in rule.tests),
                "interest": f"{factor[0]} + {factor[1]} * coalesce({workload.name_of(factor[2])}, 0.5)",
                "value": f"{value[0]} + {value[1]} * coalesce({workload.name_of(value[2])}, 0.5)",
                "reason": "It fits", "roles_needed": [ROLES[role] for role in rule.roles], "modes": ["inbound"],
                "treatments": {"web": {"es": f"Oferta {number}"}},
            }
        )  # fmt: skip
    return texts


def _type(feature: int) -> FeatureType:
    kinds: dict[str, FeatureType] = {"boolean": "boolean", "text": "text", "number": "number"}
    return kinds[workload.kind_of(feature)]


def _schema() -> ProfileSchema:
    columns = tuple(
        ProfileColumn(
            name=workload.name_of(n), type=_type(n),
            dictionary=workload.TEXTS if workload.kind_of(n) == "text" else (),
        )
        for n in range(workload.FEATURES)
    )  # fmt: skip
    return ProfileSchema(
        version="", membership="benchmark", models="none", as_of="2026-03-01", household=(), line=(),
        person=columns, offers=(),
    )  # fmt: skip


def _home(number: int, rng: np.random.Generator) -> HouseholdProfile:
    def values() -> bytes:
        drawn = rng.random(workload.FEATURES)
        for feature in range(workload.FEATURES):
            if workload.kind_of(feature) == "boolean":
                drawn[feature] = float(drawn[feature] < 0.69)
            elif workload.kind_of(feature) == "text":
                drawn[feature] = np.floor(drawn[feature] * len(workload.TEXTS))
        drawn[rng.random(workload.FEATURES) < workload.UNKNOWN_SHARE] = np.nan
        return struct.pack(f"<{workload.FEATURES}d", *drawn)

    members = tuple(
        MemberProfile(
            id=f"P-{number:06d}-{n}", parties=(f"{number:06d}-{n}",), membership=1.0, minor=False, objects=False,
            marketing=511, language="es", payer=0, roles=tuple(np.round(rng.random(len(ROLES)), 3).tolist()),
            values=values(), offers=(),
        )
        for n in range(MEMBERS)
    )  # fmt: skip
    return HouseholdProfile(
        id=f"H-{number:06d}", anchor=f"{number:06d}-0", payer=0, advisers=(), values=b"", offers=(), members=members,
        lines=(),
    )  # fmt: skip


# The load's side.


class Load:
    """What the load saw."""

    def __init__(self) -> None:
        self.latencies_ms: list[float] = []
        self.decisions: list[str] = []
        self.problems: list[str] = []
        self.offered = 0
        self.errors = 0
        self.proposed = 0
        self.warm = 0
        self.seconds = 0.0
        self.rows_per_commit: float | None = None


async def _load(url: str, arguments: argparse.Namespace) -> Load:
    """Send by schedule for the stated seconds, after a short warm-up that is not counted."""
    host, port = url.split("//")[1].strip("/").split(":")
    load = Load()
    free: asyncio.LifoQueue[tuple[asyncio.StreamReader, asyncio.StreamWriter] | None] = asyncio.LifoQueue()
    for _ in range(CONNECTIONS_MAX):
        free.put_nowait(None)
    rng = np.random.default_rng(arguments.seed + 1)
    for seconds, counted in ((WARM_UP_S, False), (arguments.seconds, True)):
        count = round(seconds * arguments.rate)
        homes = rng.integers(0, arguments.households, count).tolist()
        begin = perf_counter()
        waiting = set()
        for number, home in enumerate(homes):
            due = begin + number / arguments.rate
            ahead = due - perf_counter()
            if ahead > 0:
                await asyncio.sleep(ahead)
            person = f"P-{home:06d}-{number % MEMBERS}"
            task = asyncio.create_task(_one(host, int(port), person, due, free, load, counted=counted))
            waiting.add(task)
            task.add_done_callback(waiting.discard)
        await asyncio.gather(*waiting)
        if counted:
            load.offered, load.seconds = count, perf_counter() - begin
    text = await _call(host, int(port), b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", free)
    numbers = dict(line.rsplit(" ", 1) for line in text[1].decode().splitlines() if line and line[0] != "#")
    load.rows_per_commit = float(numbers["hogar_ledger_rows_total"]) / float(
        numbers["hogar_ledger_commits_total"]
    )
    return load


async def _one(
    host: str, port: int, person: str, due: float, free: asyncio.LifoQueue, load: Load, *, counted: bool
) -> None:
    content = json.dumps({"person": person, "channel": "web", "reason": "benchmark"}).encode()
    head = b"POST /v1/decisions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
    try:
        status, body = await _call(
            host, port, head + str(len(content)).encode() + b"\r\n\r\n" + content, free
        )
        done = perf_counter()
        problem = _wrong(status, body, person)
    except (OSError, asyncio.IncompleteReadError) as error:
        done, problem = perf_counter(), f"{type(error).__name__}: {error}"
    if problem:
        load.errors += 1
        load.problems.append(problem)
        return
    answer = json.loads(body)
    load.decisions.append(answer["decision"])
    if counted:
        load.proposed += bool(answer["proposals"])
        load.latencies_ms.append((done - due) * 1000)


async def _call(host: str, port: int, request: bytes, free: asyncio.LifoQueue) -> tuple[int, bytes]:
    """One HTTP/1.1 call on a free connection, opened if need be."""
    connection = await free.get()
    try:
        if connection is None or connection[0].at_eof():
            connection = await asyncio.open_connection(host, port)
        reader, writer = connection
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").lower().split("\r\n")
        length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
        body = await reader.readexactly(length)
    except BaseException:
        free.put_nowait(None)
        raise
    free.put_nowait(connection)
    return int(lines[0].split()[1]), body


def _wrong(status: int, body: bytes, person: str) -> str:
    """What is wrong with an answer, if anything: it must be for this person, of known actions, at most three."""
    if status != 200:
        return f"status {status}: {body[:200]!r}"
    answer = json.loads(body)
    proposals = answer["proposals"]
    if answer["person"] != person or answer["household"] != f"H-{person[2:8]}" or not answer["decision"]:
        return f"answer for somebody else: {body[:200]!r}"
    if len(proposals) > 3 or len({one["action"] for one in proposals}) != len(proposals):
        return f"too many proposals: {body[:200]!r}"
    for one in proposals:
        fits = one["recipient"] == person and one["text"] == f"Oferta {int(one['action'][7:])}"
        if not fits or one["value_eur"] <= 0 or not 0 < one["probability"] <= 1:
            return f"a wrong proposal: {one}"
    return "" if answer["silence"] in (None, "control_group") else f"silence: {answer['silence']}"


def _start(folder: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.inbound", "--serve", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    if not url:
        raise SystemExit("the server did not start")
    return process, url


def _checked(folder: Path, arguments: argparse.Namespace, load: Load) -> bool:
    """Every answer is in the ledger, with its impressions, and a sample replays byte for byte."""
    engine = _engine(folder)
    counts = engine.ledger.counts()
    synchronous = engine.ledger.connection.execute("PRAGMA synchronous").fetchone() == (2,)
    complete = counts.get("decision.inbound.made") == len(set(load.decisions)) == len(load.decisions)
    rng = np.random.default_rng(arguments.seed)
    sample = rng.choice(load.decisions, min(SAMPLE, len(load.decisions)), replace=False).tolist()
    same = all(replay(engine, id_).identical for id_ in sample)
    if not (synchronous and complete and same):
        load.problems.append(
            f"synchronous {synchronous}, ledger complete {complete} {counts}, replayed {same}"
        )
    return synchronous and complete and same and load.errors == 0


def _pin(core: int) -> None:
    """One core for the server, another for the load, where there are two."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(0, {cores[core % len(cores)]})


if __name__ == "__main__":
    main()

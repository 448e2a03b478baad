"""What does every benchmark say at its end? One line of JSON: figures, peers, size, and the machine that it ran on."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

SYNCS = 60


def print_result(
    benchmark: str,
    *,
    figures: Mapping[str, float | int | bool | str | None],
    peers: Mapping[str, float | int | None],
    size: Mapping[str, object],
    checked: bool = True,
    folder: Path | None = None,
) -> None:
    """Print the last line. `folder`: where it wrote, for the disk's sync time; `checked`: answers were."""
    result = {
        "benchmark": benchmark, "figures": _rounded(figures), "peers": _rounded(peers), "checked": checked,
        "size": dict(size), "machine": machine(folder),
    }  # fmt: skip
    print(json.dumps(result), flush=True)


def machine(folder: Path | None = None) -> dict[str, object]:
    """The facts that a figure depends on."""
    return {
        "cpu": _cpu(), "cores": os.cpu_count(), "gib": round(_memory_gib(), 1),
        "python": platform.python_version(), "system": f"{platform.system()} {platform.release()}",
        "fdatasync_ms_p50": round(fdatasync_ms_p50(folder), 3),
        "load_1m": round(os.getloadavg()[0], 2),
    }  # fmt: skip


def fdatasync_ms_p50(folder: Path | None = None) -> float:
    """How long the disk takes to make 4 KB durable, median: what each durable commit has to wait for."""
    with tempfile.TemporaryFile(dir=folder) as file:
        times = []
        for _ in range(SYNCS):
            file.write(b"x" * 4096)
            file.flush()
            start = perf_counter()
            os.fdatasync(file.fileno())
            times.append((perf_counter() - start) * 1000)
    return median(times)


def _rounded(figures: Mapping[str, object]) -> dict[str, object]:
    return {
        name: float(f"{value:.6g}") if isinstance(value, float) else value for name, value in figures.items()
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30

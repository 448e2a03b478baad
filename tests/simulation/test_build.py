"""A build does what is stale, never half of it: killed, doubled, without space, the version before still decides."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hogar import build
from hogar.app import now_of, read_settings, work_of

pytestmark = pytest.mark.market
Copy = Callable[[Path], Path]
STEPS = ("ingest", "resolve", "features", "train", "publish")
KILLED_IN = STEPS if os.environ.get("HOGAR_PROPERTIES") == "many" else ("ingest", "features", "publish")


def start(project: Path, **how: Any) -> subprocess.Popen[str]:
    """`hogar build` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "hogar", "build", "--project", str(project)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how,
    )  # fmt: skip


def change_data(project: Path) -> None:
    """Another extract: the invoices without the last two hundred."""
    invoices = project / "data/billing/invoices.csv"
    invoices.write_bytes(b"".join(invoices.read_bytes().splitlines(keepends=True)[:-200]))


def decided(hogar: Any, project: Path) -> tuple[str, str]:
    """Under which profile version and strategy a decision is made now."""
    (ingested,) = [project / ".hogar/data/steps/ingest" / pointer(project)["ingest"]]
    assert (ingested / "person.parquet").is_file()
    plan = hogar("campaign", "plan", "renewals", "--project", project, "--json")
    assert plan.code == 0, plan.err
    return plan.json["profile"], plan.json["strategy"]


def pointer(project: Path) -> dict[str, str]:
    """The current step folders."""
    return dict(json.loads((project / ".hogar/data/current.json").read_text()))


def test_a_second_build_does_nothing_and_says_the_same(
    small_market_built: Path, copy_of: Copy, hogar: Any
) -> None:
    """Nothing changed: no step runs again, the JSON is the same, also in a copy of the project elsewhere."""
    project = copy_of(small_market_built)
    first = hogar("build", "--project", project, "--json")
    again = hogar("build", "--project", project, "--json")
    assert (first.code, again.code) == (0, 0)
    assert first.out == again.out
    assert tuple(again.json) == STEPS
    settings = read_settings(project)
    results = build.run(work_of(settings, now=now_of(settings)))
    assert [(result.step, result.fresh) for result in results] == [(step, False) for step in STEPS]


def test_only_what_changed_is_done_again(small_market_built: Path, copy_of: Copy) -> None:
    """A changed action touches no data step; a changed model trains again, new data goes all the way."""
    project = copy_of(small_market_built)
    settings = read_settings(project)
    work = work_of(settings, now=now_of(settings))

    def fresh() -> list[str]:
        return [result.step for result in build.run(work) if result.fresh]

    action = project / "strategy/actions/tv_basic.yml"
    action.write_text(action.read_text() + "# changed\n")
    first = build.run(work)[-1].report
    assert fresh() == []
    model = project / "models/churn.yml"
    model.write_text(model.read_text() + "# changed\n")
    assert fresh() == ["train", "publish"]
    before = build.run(work)[-1].report
    assert before["strategy"] != first["strategy"]  # what its numbers mean is part of it
    change_data(project)
    assert fresh() == list(STEPS)
    assert build.run(work)[-1].report["strategy"] == before["strategy"]


AUDITED = """
import sys
seen = []
def look(event, args):
    if event in ("open", "os.listdir", "os.scandir"):
        seen.append(str(args[0]))
sys.addaudithook(look)
from hogar.cli import main
sys.argv = ["hogar", "build", "--project", sys.argv[1]]
try:
    main()
finally:
    print("\\n".join(path for path in seen if path.startswith(sys.argv[3])), file=sys.stderr)
"""


def test_a_build_never_looks_at_the_truth(tmp_path: Path, hogar: Any) -> None:
    """No file below truth/ is opened, no query names it, and without the folder the same is built."""
    project = tmp_path / "acme"
    assert hogar("twin", "generate", project, "--persons", 100).code == 0
    ran = subprocess.run(
        [sys.executable, "-c", AUDITED, str(project)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    seen = ran.stderr.split()
    assert any(path.startswith(f"{project}/sources") for path in seen), "the audit works"
    assert [path for path in seen if path.startswith(f"{project}/truth")] == []
    profile = decided(hogar, project)
    for path in (project / "truth").iterdir():
        path.write_bytes(b"no truth")
    change_data(project)
    assert hogar("build", "--project", project).code == 0
    for path in (project / "truth").iterdir():
        path.unlink()
    (project / "truth").rmdir()
    assert hogar("build", "--project", project).code == 0
    assert decided(hogar, project) != profile
    alone = hogar("resolve", "--project", project)
    assert alone.code == 2
    assert "truth/membership.parquet" in alone.err
    assert "resolve " in alone.out, "the result is stored all the same"


def test_kill_9_in_a_build_leaves_the_version_before(
    small_market_built: Path, copy_of: Copy, hogar: Any
) -> None:
    """Wherever it dies, what was published decides; the next build goes on, completes, and leaves no rest."""
    project = copy_of(small_market_built)
    before = decided(hogar, project)
    change_data(project)
    for step in KILLED_IN:
        process = start(project)
        deadline = time.monotonic() + 60
        while not list((project / ".hogar/data/steps").glob(f".tmp-{step}-*")):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        assert process.returncode == -signal.SIGKILL
        assert decided(hogar, project) == before
    built = hogar("build", "--project", project)
    assert built.code == 0, built.err
    assert decided(hogar, project) != before
    assert not list((project / ".hogar/data/steps").glob(".tmp-*"))


def test_two_builds_at_once(small_market_built: Path, copy_of: Copy, hogar: Any) -> None:
    """The second says who is building and what to do, changes nothing, and the first completes."""
    project = copy_of(small_market_built)
    change_data(project)
    process = start(project)
    deadline = time.monotonic() + 60
    while not list((project / ".hogar/data/steps").glob(".tmp-*")):
        assert time.monotonic() < deadline
        time.sleep(0.001)
    second = hogar("build", "--project", project, "--json")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    assert second.code == 1
    assert f"process {process.pid} is building" in second.json["error"]
    assert hogar("build", "--project", project).out.count("done before") == len(STEPS)


def test_a_disk_without_space_leaves_the_version_before(
    small_market_built: Path, copy_of: Copy, hogar: Any
) -> None:
    """Where a file cannot be written to its end: what, where, the cure, exit code 1; the old version decides."""
    project = copy_of(small_market_built)
    before = decided(hogar, project)
    change_data(project)
    process = start(project, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)))
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1, out + err
    assert "full" in err
    assert str(project) in err
    assert "Traceback" not in err
    assert decided(hogar, project) == before
    assert hogar("build", "--project", project).code == 0


def test_a_state_that_cannot_be_written_is_said(tmp_path: Path, hogar: Any) -> None:
    """Where .hogar cannot be made the message says which path, and what to do."""
    project = tmp_path / "acme"
    assert hogar("twin", "generate", project, "--persons", 100).code == 0
    shutil.rmtree(project / ".hogar")  # the schemas that editors read
    (project / ".hogar").write_text("a file in its place")
    ran = hogar("build", "--project", project, "--json")
    assert ran.code == 1
    assert str(project / ".hogar") in ran.json["error"]
    assert "run this again" in ran.json["error"]

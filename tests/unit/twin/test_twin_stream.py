"""Are events replayed as they came, at the pace that was asked for, and can a reader follow them?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hogar.cli.twin_files import write_market


@pytest.fixture(scope="module")
def project(market, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("stream") / "acme"
    write_market(market(300, 1), folder, lambda _: None)
    return folder


def test_all_at_once_is_the_file_itself(project, hogar, tmp_path):
    """Speed 0 gives every line, late and doubled ones in their places, then the result."""
    ran = hogar("twin", "stream", project, "--speed", 0, "--json")
    lines = (project / "events" / "month.jsonl").read_text(encoding="utf-8").splitlines()
    assert ran.code == 0
    assert ran.out.splitlines()[:-1] == lines
    assert ran.json["events"] == len(lines)
    assert ran.json["interrupted"] is False
    out = tmp_path / "now.jsonl"
    for _ in range(2):
        assert hogar("twin", "stream", project, "--speed", 0, "--out", out).code == 0
    assert out.read_text(encoding="utf-8").splitlines() == lines * 2, "appended, not replaced"


def test_a_part_can_be_asked_for(project, hogar):
    """By moments of arrival and by number."""
    whole = hogar("twin", "stream", project, "--speed", 0).out.splitlines()
    part = hogar(
        "twin", "stream", project, "--speed", 0, "--from", "2026-02-20", "--until", "2026-02-21", "--json"
    )
    lines = part.out.splitlines()[:-1]
    assert 0 < len(lines) < len(whole)
    assert [line for line in whole if line in set(lines)] == lines
    assert "2026-02-20" <= part.json["first"] <= part.json["last"] < "2026-02-21"
    before = hogar("twin", "stream", project, "--speed", 0, "--until", "2026-02-20").out.splitlines()
    after = hogar("twin", "stream", project, "--speed", 0, "--from", "2026-02-21").out.splitlines()
    assert before + lines + after == whole
    assert hogar("twin", "stream", project, "--speed", 0, "--limit", 3).out.splitlines() == whole[:3]


def test_the_pace_is_that_of_the_events(project, hogar):
    """An hour at 3,600 times wall-clock takes about a second, less the time to the last event of it."""
    arguments = ("--from", "2026-03-02T07:55:00Z", "--until", "2026-03-02T08:55:00Z", "--json")
    found = hogar("twin", "stream", project, "--speed", 3600, *arguments).json
    assert found["events"] > 3
    first, last = (3600 * int(found[key][11:13]) + 60 * int(found[key][14:16]) for key in ("first", "last"))
    assert (last - first - 60) / 3600 <= found["seconds"] < (last - first + 60) / 3600 + 0.7


def test_ctrl_c_ends_between_two_lines(project, tmp_path):
    """Whole lines stand in the file, the result says so, the exit code is a shell's."""
    out = tmp_path / "now.jsonl"
    command = [
        sys.executable,
        "-m",
        "hogar",
        "twin",
        "stream",
        str(project),
        "--speed",
        "20000",
        "--out",
        str(out),
        "--json",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        end = time.monotonic() + 60
        while not (out.exists() and out.read_bytes().count(b"\n") > 5) and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 130
    result = json.loads(said.splitlines()[-1])
    assert result["interrupted"] is True
    lines = out.read_text(encoding="utf-8").splitlines()
    assert len(lines) == result["events"] > 5
    assert all("time" in json.loads(line) for line in lines)


def test_a_follower_reads_what_is_streamed(project, hogar, tmp_path):
    """The file that `stream` appends to is one that `triggers run` takes; doubled events are seen to be so."""
    acme = tmp_path / "acme"
    assert hogar("new", acme).code == 0
    assert hogar("build", "--project", acme).code == 0
    out = tmp_path / "now.jsonl"
    events = hogar("twin", "stream", acme, "--speed", 0, "--out", out, "--json").json["events"]
    ran = hogar("triggers", "run", "--project", acme, "--events", out, "--json")
    assert ran.code == 0, ran.err
    ids = {json.loads(line)["id"] for line in out.read_text(encoding="utf-8").splitlines()}
    assert ran.json["triggers"]["appended"] == len(ids)
    assert ran.json["triggers"]["duplicates"] == events - len(ids) > 0


def test_what_is_not_there_is_said(project, hogar, tmp_path):
    """No market, no folder to write to, a line that is no event, an impossible speed: exit code 2 and words."""
    assert "hogar twin generate" in hogar("twin", "stream", tmp_path).err
    assert hogar("twin", "stream", tmp_path).code == 2
    assert hogar("twin", "stream", project, "--speed", 0, "--out", tmp_path / "no" / "file").code == 2
    assert hogar("twin", "stream", project, "--speed", -1).code == 2
    bad = tmp_path / "events"
    bad.mkdir()
    (bad / "month.jsonl").write_text('{"id": "1"}\n')
    ran = hogar("twin", "stream", tmp_path, "--speed", 0)
    assert ran.code == 2
    assert "month.jsonl:1" in ran.err
    line = (project / "events" / "month.jsonl").read_text(encoding="utf-8").splitlines()[0]
    event = json.loads(line) | {"time": "2026-02-10T10:00:00"}
    (bad / "month.jsonl").write_text(f"{line}\n{json.dumps(event)}\n")
    for arguments in ((), ("--from", "2026-02-01")):
        ran = hogar("twin", "stream", tmp_path, "--speed", 0, *arguments)
        assert ran.code == 2
        assert "month.jsonl:2" in ran.err
        assert "has no offset" in ran.err
    os.remove(bad / "month.jsonl")


def test_the_source_does_not_take_its_own_events(project, hogar, tmp_path):
    """By its name, by a link, or as standard output: it would never end."""
    source = project / "events" / "month.jsonl"
    before = source.read_bytes()
    (tmp_path / "link.jsonl").symlink_to(source)
    for out in (source, tmp_path / "link.jsonl"):
        ran = hogar("twin", "stream", project, "--speed", 0, "--limit", 10, "--out", out)
        assert ran.code == 2
        assert "another file by --out" in ran.err
    with source.open("ab") as file:
        command = [
            sys.executable,
            "-m",
            "hogar",
            "twin",
            "stream",
            str(project),
            "--speed",
            "0",
            "--limit",
            "10",
        ]
        assert subprocess.run(command, stdout=file, stderr=subprocess.DEVNULL).returncode == 2
    assert source.read_bytes() == before


def test_a_beginning_after_the_end_is_refused(project, hogar):
    """Both moments are named."""
    ran = hogar("twin", "stream", project, "--speed", 0, "--from", "2026-02-21", "--until", "2026-02-20")
    assert ran.code == 2
    assert "2026-02-21T00:00:00Z" in ran.err
    assert "2026-02-20T00:00:00Z" in ran.err

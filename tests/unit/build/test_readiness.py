"""Which use cases the data can carry: the demo's three, and what changes when a source goes or comes."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from tests.conftest import Run

from hogar import build
from hogar.app import now_of, read_settings, work_of
from hogar.build import Readiness, Ready, Work
from hogar.cli.output import Output
from hogar.cli.readiness import said_rest


def work_over(project: Path) -> Work:
    """The project's work, as a command would make it."""
    settings = read_settings(project)
    return work_of(settings, now=now_of(settings))


def by_key(found: Readiness) -> dict[str, Ready]:
    """The use cases by their keys."""
    return {one.key: one for one in found.use_cases}


@pytest.fixture(scope="module")
def found(market: Path) -> Readiness:
    """The readiness of the market of 500 persons."""
    return build.readiness(work_over(market))


@pytest.mark.market
def test_the_demo_shows_one_of_each(found: Readiness) -> None:
    """One ready, one ready with its fallback, one not ready: by what people consented to, not by a flag."""
    states = {key: one.state for key, one in by_key(found).items()}
    assert states == {
        "renewals": "ready",
        "in_the_moment": "ready_with_fallback",
        "network_care": "not_ready",
    }
    assert found.as_of == "2026-03-02"
    assert found.cannot_know == ()
    assert found.unread == ("network/outages.csv",)


@pytest.mark.market
def test_a_fallback_runs_what_is_left(found: Readiness) -> None:
    """Without traffic data the roaming bundles are stopped by what they ask; the bigger plan is not."""
    one = by_key(found)["in_the_moment"]
    assert one.still_runs == ("plan_upgrade_m",)
    assert set(one.stopped) == {"roaming_2gb_week", "roaming_2gb_fortnight", "roaming_2gb_month"}
    bad = [need for need in one.needs if need.state not in ("met", "not_known")]
    assert {need.because_of for need in bad} == {("usage_day",)}
    assert all(need.coverage is not None and need.coverage < need.gate == 0.1 for need in bad)
    assert {need.offering for need in bad if need.kind == "fact"} == {
        "ROAM-2GB-7",
        "ROAM-2GB-14",
        "ROAM-2GB-30",
    }


@pytest.mark.market
def test_what_is_missing_has_an_owner_and_what_it_would_add(found: Readiness) -> None:
    """Location data lack consent, and nothing else stands in the way of that use case."""
    one = by_key(found)["network_care"]
    places = next(need for need in one.needs if need.name == "place_month.place_id")
    assert (places.state, places.owner, places.consent) == ("thin", "network", ("place_month",))
    quality = next(need for need in one.needs if need.name == "network_quality.dropped_share")
    assert (quality.state, quality.coverage) == ("met", 1.0)
    nexts = {one.table: one for one in found.next}
    assert nexts["place_month"].unlocks == ("network_care",)
    assert "consented to the use of location data" in nexts["place_month"].why
    assert nexts["usage_day"].helps == ("in_the_moment",)
    assert nexts["usage_day"].subjects > 0


@pytest.mark.market
def test_a_source_that_goes_is_missed(market: Path, copy_of: Callable[[Path], Path]) -> None:
    """Before the next build too: its table has no source any more, whatever the last build knew."""
    project = copy_of(market)
    (project / "sources" / "web_event.sql").unlink()
    found = build.readiness(work_over(project))
    renewals = by_key(found)["renewals"]
    views = next(need for need in renewals.needs if need.name == "person.device_views_14d")
    assert (renewals.state, views.state, views.lacks) == ("not_ready", "missing", ("web_event",))
    assert renewals.still_runs == ()
    added = next(one for one in found.next if one.table == "web_event")
    assert (added.why, added.unlocks, added.actions) == (
        "no source fills it",
        ("renewals",),
        ("renewal_handset",),
    )


@pytest.mark.market
def test_what_grows_old_is_stale(market: Path) -> None:
    """Looked at half a year later, bills are older than the use case allows; registers do not tell their age."""
    settings = read_settings(market)
    late = now_of(settings).replace(month=9)
    one = by_key(build.readiness(work_of(settings, now=late)))["renewals"]
    states = {need.name: need.state for need in one.needs}
    assert one.state == "not_ready"
    assert states["household.spend_eur"] == "stale"
    assert states["line.commitment_days_left"] == "met"


def test_before_a_build_it_says_what_cannot_be_known(tmp_path: Path, hogar: Run) -> None:
    """Sources are held against needs; coverage, age and rows are not known yet."""
    project = tmp_path / "acme"
    build.new_project(project)
    (project / "data").mkdir()
    found = build.readiness(work_over(project))
    assert (found.as_of, found.cannot_know) == (None, ("coverage", "age", "rows"))
    assert {one.state for one in found.use_cases} == {"not_known"}
    (project / "sources" / "device_use.sql").unlink()
    assert by_key(build.readiness(work_over(project)))["renewals"].state == "not_ready"
    shutil.rmtree(project / "data")
    ran = hogar("readiness", "renewals", "--project", project, "--json")
    assert ran.code == 0, ran.err
    assert ran.json["use_cases"][0]["needs"][0]["coverage"] is None
    assert hogar("readiness", "renewal", "--project", project).code == 2


@pytest.mark.market
def test_the_command_tells_people(market: Path, hogar: Run) -> None:
    """States, what still runs, and what the next source would add, in words."""
    ran = hogar("readiness", "--project", market)
    assert ran.code == 0, ran.err
    for words in ("renewals  ready", "ready with fallback", "not ready", "still runs: plan_upgrade_m",
                  "What the next source would add", "no source reads: network/outages.csv"):  # fmt: skip
        assert words in ran.out, words


@pytest.mark.market
def test_a_live_counter_asks_only_the_consent_that_it_names(
    market: Path, copy_of: Callable[[Path], Path], hogar: Run
) -> None:
    """Visits need none, use abroad does; of a counter that no build has seen yet nothing is known, not nobody."""
    project = copy_of(market)
    (project / "features" / "live" / "mine.yml").write_text(
        "entity: person\ntopic: mine\nowner: web and app\nfields: {topic: text}\ncounters:\n"
        "  plan_views_1d: {event: com.acme.web.v1.visited, count: events, over: 24 hours, help: plans}\n",
        encoding="utf-8",
    )
    (project / "strategy" / "usecases" / "mine.yml").write_text(
        "name: Mine\ngoal: To see.\nowner: CVM\nscope: line\n"
        "needs: [person.plan_views_1d, person.device_views_24h, line.roaming_mb_2d]\n",
        encoding="utf-8",
    )
    found = build.readiness(work_over(project))
    needs = {need.name: need for need in by_key(found)["mine"].needs}
    new = needs["person.plan_views_1d"]
    assert (new.state, new.coverage, new.consent) == ("not_known", None, ())
    assert needs["person.device_views_24h"].consent == ()
    assert needs["line.roaming_mb_2d"].consent == ("event",)
    assert "consented" not in "".join(one.why for one in found.next if one.table == "event")
    ran = hogar("readiness", "--project", project)
    table = ran.out.partition("What the next source would add")[2].partition("no source reads")[0]
    assert max(map(len, table.splitlines())) <= 200
    assert "roaming_2gb_fortnight" in table


@pytest.mark.market
def test_the_table_fits_a_terminal_and_names_stay_whole(market: Path) -> None:
    """At 100 columns no name is broken over two lines."""
    found = build.readiness(work_over(market))
    console = Console(width=100, file=io.StringIO(), record=True)
    output = Output(json=False)
    output.people = console
    said_rest(output, found)
    lines = console.export_text().splitlines()
    assert max(map(len, lines[:12])) <= 100
    assert any("roaming_2gb_fortnight" in line for line in lines)

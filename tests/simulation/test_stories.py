"""The four stories of the mission, as a customer lives them: silos in, one message out, to the right person.

Each story's household is found by its preconditions; then the commands decide, and what reaches the outside (the
message, the answer, the target file) is held against the silos themselves.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hogar import build
from hogar.app import engine_of, now_of, read_settings, work_of
from hogar.build import Work
from hogar.cli.stories import Found, Tables, Told, never_offered, tell
from hogar.runtime.engine import Engine

pytestmark = pytest.mark.market
MANY = os.environ.get("HOGAR_PROPERTIES") == "many"
PERSONS, SEEDS = (2000, range(1, 21)) if MANY else (500, range(1, 3))
FOUR = ("roaming_bundle", "family_plan", "renewal_handset", "joint_spend_plan")
NOW = "2026-03-02T09:00:00+00:00"
Copy = Callable[[Path], Path]
Markets = Callable[[int, int], Path]


@contextmanager
def opened(project: Path) -> Iterator[tuple[Work, Engine]]:
    """What is built and what decides in a project."""
    settings = read_settings(project)
    work = work_of(settings, now=now_of(settings))
    engine = engine_of(settings, work)
    try:
        yield work, engine
    finally:
        engine.ledger.close()


def first(project: Path, story: str) -> Found:
    """The first household, by id, for which a story's preconditions hold."""
    with opened(project) as (work, engine):
        return Tables(work).found(story, engine)[0]


def told(project: Path) -> dict[str, Told]:
    """All stories of a project by name."""
    with opened(project) as (work, engine):
        return {story.name: story for story in (*tell(work, engine), *never_offered(work, engine))}


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of a target file."""
    with file.open(newline="", encoding="utf-8") as opened_file:
        return list(csv.DictReader(opened_file))


def messages(project: Path) -> list[dict[str, Any]]:
    """What the file channel has delivered."""
    folder = project / ".hogar" / "data" / "outbox"
    return [
        json.loads(line) for file in sorted(folder.glob("*.jsonl")) for line in file.read_text().splitlines()
    ]


def silo(project: Path, query: str, **given: object) -> list[tuple[Any, ...]]:
    """Ask the silos' own files, each a table of texts: `billing_accounts`."""
    con = duckdb.connect()
    for file in sorted((project / "data").glob("*/*.csv")):
        if file.parent.name != "prepaid":
            con.read_csv(str(file), all_varchar=True).create_view(f"{file.parent.name}_{file.stem}")
    return con.execute(query, given).fetchall()


def send(hogar: Any, project: Path, *events: dict[str, Any]) -> Any:
    """Hand events to `hogar triggers run`; its JSON."""
    file = project / "events.jsonl"
    head = {"specversion": "1.0", "source": "/test", "time": NOW}
    file.write_text("".join(json.dumps(head | event) + "\n" for event in events))
    ran = hogar("triggers", "run", "--events", file, "--project", project, "--json")
    assert ran.code == 0, ran.err
    return ran.json


def explained(hogar: Any, project: Path, decision: str) -> Any:
    """`hogar explain decision`."""
    ran = hogar("explain", "decision", decision, "--project", project, "--json")
    assert ran.code == 0, ran.err
    return ran.json


@pytest.mark.parametrize("seed", SEEDS)
def test_all_stories_are_found_and_true_at_any_seed(markets: Markets, copy_of: Copy, seed: int) -> None:
    """Every story finds at least one household in its market and passes; owned and dear things are never offered."""
    stories = told(copy_of(markets(PERSONS, seed)))
    assert tuple(stories)[:4] == FOUR
    assert {name: (story.found > 0, story.passed) for name, story in stories.items()} == dict.fromkeys(
        (*FOUR, "never_owned", "never_above_spend"), (True, True)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_traveller_hears_of_the_bundle_for_the_length_of_the_stay(
    markets: Markets, copy_of: Copy, hogar: Any, seed: int
) -> None:
    """(a) Landing abroad: one text message to the line's user, for the stay, that names the saving."""
    project = copy_of(markets(PERSONS, seed))
    found = first(project, "roaming_bundle")
    stay = int(found.facts["trip_days_usual"])
    event = {
        "id": "1", "type": "com.acme.roaming.v1.arrived", "subject": found.line,
        "data": {"country": "US", "stay_days": stay},
    }  # fmt: skip
    report = send(hogar, project, event)
    assert (report["triggers"]["proposed"], report["delivery"]["delivered"]) == (1, 1)
    (message,) = messages(project)
    days, bundle = next(
        (days, f"roaming_2gb_{name}")
        for days, name in ((7, "week"), (14, "fortnight"), (30, "month"))
        if stay <= days
    )
    assert message["channel"] in ("sms", "push")
    assert message["message"]["action"] == bundle
    assert message["message"]["person"] == found.person
    text = message["message"]["said"]["text"]
    assert f"{days} d" in text
    assert any(word in text for word in ("horras", "save"))
    (proposal,) = explained(hogar, project, message["message"]["decision"])["proposals"]
    assert proposal["subject"] == found.line
    assert "less than paying per use" in proposal["reason"]
    again = send(hogar, project, event)
    assert (again["triggers"]["duplicates"], again["triggers"]["proposed"]) == (1, 0)
    assert len(messages(project)) == 1


def test_nothing_is_said_where_roaming_costs_as_at_home(market: Path, copy_of: Copy, hogar: Any) -> None:
    """(a) Within the EU there is no bundle to offer: the trigger is not pulled."""
    project = copy_of(market)
    line = first(project, "roaming_bundle").line
    event = {"id": "1", "type": "com.acme.roaming.v1.arrived", "subject": line, "data": {"country": "FR"}}
    assert send(hogar, project, event)["triggers"]["outcomes"] == {}
    assert messages(project) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_payer_who_looks_at_plans_sees_the_family_plan(
    markets: Markets, copy_of: Copy, hogar: Any, seed: int
) -> None:
    """(b) Inbound: first thing on the web for whoever pays all the lines, and the bills of the silo bear it out."""
    project = copy_of(markets(PERSONS, seed))
    found = first(project, "family_plan")
    ran = hogar(
        "decide", "--person", found.person, "--channel", "web", "--reason", "plans", "--project", project, "--json"
    )  # fmt: skip
    assert ran.code == 0, ran.err
    proposal = ran.json["proposals"][0]
    four = found.facts["mobile_lines"] >= 4
    expected = ("family_plan", "FAM-4") if four else ("family_plan_3", "FAM-3")
    assert (proposal["action"], proposal["offering"]) == expected
    assert (proposal["scope"], proposal["subject"]) == ("household", found.household)
    assert (proposal["recipient"], proposal["channel"]) == (found.person, "web")
    assert "the same use costs" in proposal["reason"]
    bills = silo(
        project,
        """
        with line as (
            select line_no, max(gb_used::double > gb_included::double) as over,
                max(gb_included::double - gb_used::double) as idle
            from billing_invoices
            join billing_accounts using (account_no)
            where payer_customer = $payer and period in ('2025-12', '2026-01', '2026-02')
            group by line_no
        )
        select count(*), count(*) filter (over), count(*) filter (idle > 1) from line
        """,
        payer=found.person.removeprefix("P-crm:"),
    )
    lines, over, idle = bills[0]
    assert lines >= found.facts["mobile_lines"] >= 3
    assert over >= 1
    assert idle >= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_who_looked_at_phones_gets_the_renewal(
    markets: Markets, copy_of: Copy, hogar: Any, tmp_path: Path, seed: int
) -> None:
    """(c) Campaign: a row of the target file for the line's user, by text or e-mail, because phone and commitment
    are old; the silos say so too."""
    project = copy_of(markets(PERSONS, seed))
    found = first(project, "renewal_handset")
    file = tmp_path / "renewals.csv"
    assert hogar("campaign", "plan", "renewals", "--out", file, "--project", project).code == 0
    (row,) = [row for row in rows_of(file) if row["person"] == found.person]
    assert (row["action"], row["recipient"]) == ("renewal_handset", found.person)
    assert row["channel"] in ("sms", "email")
    assert "the commitment nearly over, and phones were looked at" in row["reason"]
    assert found.line is not None
    facts = silo(
        project,
        """
        select date '2026-03-02' - max(primera_vez::date), max(permanencia_hasta::date) - date '2026-03-02'
        from device_devices
        join crm_lines using (linea)
        where linea = $line and permanencia_hasta is not null and primera_vez::date < date '2026-03-02'
        """,
        line=found.line.removeprefix("crm:"),
    )
    age_days, left_days = facts[0]
    assert age_days > 29 * 30
    assert 0 <= left_days <= 60


@pytest.mark.parametrize("seed", SEEDS)
def test_the_couple_gets_the_plan_that_their_joint_spend_carries(
    markets: Markets, copy_of: Copy, hogar: Any, seed: int
) -> None:
    """(d) Household: the plan to him who pays, with a link for the child who advises; alone he could not carry it."""
    project = copy_of(markets(PERSONS, seed))
    found = first(project, "joint_spend_plan")
    ran = hogar("campaign", "run", "convergence", "--project", project, "--json")
    assert ran.code == 0, ran.err
    (message,) = [one for one in messages(project) if one["message"]["person"] == found.person]
    assert message["message"]["action"] == "home_plan_tv"
    assert message["channel"] in ("sms", "email")
    assert message["message"]["said"]["pass_on"] is True
    view = explained(hogar, project, message["message"]["decision"])
    (proposal,) = view["proposals"]
    assert (proposal["subject"], proposal["recipient"]) == (found.household, found.person)
    assert "within what the home spends" in proposal["reason"]
    customer = found.person.removeprefix("P-crm:")
    spends = silo(
        project,
        """
        select sum(try_cast(fee_eur as double) + try_cast(overage_eur as double)) / 3
        from (select distinct * from billing_invoices)
        join billing_accounts using (account_no)
        where payer_customer = $him and period in ('2025-12', '2026-01', '2026-02')
        """,
        him=customer,
    )[0][0]
    assert spends * 1.15 < 69, "his own bills would not carry the plan"
    advisers = silo(
        project,
        "select otro from crm_declarations where id_cliente = $him and que = 'adviser'",
        him=customer,
    )
    assert len(advisers) == 1
    household = hogar("explain", "household", found.household, "--project", project, "--json").json
    assert len(household["members"]) == 2
    assert not any(advisers[0][0] in member["person_id"] for member in household["members"])


STORY_FILES = {
    "roaming_bundle": [
        "actions/roaming_2gb_week.yml", "actions/roaming_2gb_fortnight.yml", "actions/roaming_2gb_month.yml",
        "triggers/roaming_arrived.yml",
    ],
    "family_plan": ["actions/family_plan.yml", "actions/family_plan_3.yml"],
    "renewal_handset": ["actions/renewal_handset.yml", "campaigns/renewals.yml"],
    "joint_spend_plan": ["actions/home_plan_tv.yml"],
}  # fmt: skip


@pytest.mark.parametrize("story", FOUR)
def test_without_its_action_a_story_is_false(market: Path, copy_of: Copy, hogar: Any, story: str) -> None:
    """Nothing stands in for the story's action: take its file away, and the story, and only it, fails."""
    project = copy_of(market)
    for name in STORY_FILES[story]:
        (project / "strategy" / name).unlink()
    convergence = project / "strategy/campaigns/convergence.yml"
    if story == "joint_spend_plan":
        convergence.write_text(convergence.read_text().replace("home_plan_tv, ", ""))
    published = hogar("publish", "--project", project)
    assert published.code == 0, published.err
    stories = told(project)
    assert stories[story].found > 0, "the preconditions do not name the action"
    assert [name for name in FOUR if not stories[name].passed] == [story]


def planned(hogar: Any, project: Path, campaign: str) -> list[dict[str, str]]:
    """The target file's rows of a campaign."""
    file = project / "plan.csv"
    ran = hogar("campaign", "plan", campaign, "--out", file, "--project", project)
    assert ran.code == 0, ran.err
    return rows_of(file)


def test_with_households_switched_off_the_joint_plan_is_not_found(
    market: Path, copy_of: Copy, hogar: Any
) -> None:
    """Everybody alone: nobody of the couple gets the plan that only both together can carry."""
    project = copy_of(market)
    with opened(project) as (work, engine):
        couples = Tables(work).found("joint_spend_plan", engine)
    assert {one.person for one in couples} <= {
        row["recipient"] for row in planned(hogar, project, "convergence") if row["action"] == "home_plan_tv"
    }
    settings = project / "hogar.toml"
    settings.write_text(settings.read_text().replace('unit = "household"', 'unit = "person"'))
    built = hogar("build", "--project", project)
    assert built.code == 0, built.err
    rows = [row for row in planned(hogar, project, "convergence") if row["action"] == "home_plan_tv"]
    assert not {one.person for one in couples} & {row["recipient"] for row in rows}
    with opened(project) as (work, engine):
        assert Tables(work).found("joint_spend_plan", engine) == []


@pytest.fixture(scope="module")
def edited(
    market: Path, tmp_path_factory: pytest.TempPathFactory, hogar: Any
) -> tuple[Path, Found, str, Found]:
    """The market again, with two changes in its silos: one couple's links are cut (home address, top-ups that he
    pays, logins, declarations, calls), and one person of the renewals has just refused text messages and e-mail.

    Gives the project, the couple's household as it was, the partner, and the renewal as it was.
    """
    import shutil

    project = Path(shutil.copytree(market, tmp_path_factory.mktemp("edited") / "acme"))
    couple, renewal = first(project, "joint_spend_plan"), first(project, "renewal_handset")
    resolved = project / ".hogar/data/steps/resolve"
    con = duckdb.connect()
    parties = con.execute(
        f"select person_id, party_id from '{resolved}/*/party_person.parquet' "
        f"join '{resolved}/*/membership.parquet' using (person_id) where household_id = $home",
        {"home": couple.household},
    ).fetchall()
    partner = next(person for person, _ in parties if person != couple.person)
    hers = {party.split(":")[1] for person, party in parties if person == partner}
    sims = {row["sim"] for row in table(project, "prepaid/sims.csv") if row["titular_registro"] in hers}
    assert sims, "she has a prepaid line"

    def without_address(row: dict[str, str]) -> dict[str, str]:
        gone = ("direccion", "num", "piso", "cod_postal", "localidad") if row["id_registro"] in hers else ()
        return row | dict.fromkeys(gone, "")

    def by_nobody(row: dict[str, str]) -> dict[str, str]:
        return row | {"pagador": "", "token_tarjeta": ""} if row["sim"] in sims else row

    change(project, "prepaid/registry.csv", without_address)
    change(project, "topup/recargas.csv", by_nobody)
    change(project, "crm/addresses.csv", lambda row: None if row["id_cliente"] in hers else row)
    change(
        project,
        "web/logins.csv",
        lambda row: None if row["line_no"] in sims or row["user_id"] in hers else row,
    )
    change(
        project, "crm/declarations.csv", lambda row: None if {row["id_cliente"], row["otro"]} & hers else row
    )
    ties = pq.read_table(project / "data/usage/ties.parquet")
    silent = [
        not ends & sims
        for ends in map(set, zip(*(ties[end].to_pylist() for end in ("linea_a", "linea_b")), strict=True))
    ]
    pq.write_table(ties.filter(pa.array(silent)), project / "data/usage/ties.parquet")
    with (project / "data/privacy/consents.csv").open("a", encoding="utf-8") as consents:
        known = con.execute(
            f"select party_id from '{resolved}/*/party_person.parquet' where person_id = $who",
            {"who": renewal.person},
        ).fetchall()
        for (party,) in known:
            for channel in ("SMS", "EMAIL"):
                consents.write(f'"{party.split(":")[1]}","COMERCIAL","{channel}","N","2026-03-01 20:00:00"\n')
    built = hogar("build", "--project", project)
    assert built.code == 0, built.err
    return project, couple, partner, renewal


def table(project: Path, file: str) -> list[dict[str, str]]:
    """A silo's rows."""
    coding, delimiter = ("latin-1", ";") if file.startswith("prepaid/") else ("utf-8", ",")
    with (project / "data" / file).open(newline="", encoding=coding) as opened_file:
        return list(csv.DictReader(opened_file, delimiter=delimiter))


def change(project: Path, file: str, how: Callable[[dict[str, str]], dict[str, str] | None]) -> None:
    """Write a silo's rows anew, changed or left out."""
    rows = table(project, file)
    coding, delimiter = ("latin-1", ";") if file.startswith("prepaid/") else ("utf-8", ",")
    with (project / "data" / file).open("w", newline="", encoding=coding) as opened_file:
        writer = csv.DictWriter(opened_file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(changed for row in rows if (changed := how(row)) is not None)


def test_without_their_links_the_couple_is_no_couple(
    edited: tuple[Path, Found, str, Found], copy_of: Copy, hogar: Any
) -> None:
    """Cut what links her and him in the silos: two households, and the joint plan goes to neither."""
    project, couple, partner, _ = edited
    project = copy_of(project)
    resolved = project / ".hogar/data/steps/resolve"
    current = json.loads((project / ".hogar/data/current.json").read_text())["resolve"]
    membership = pq.read_table(resolved / current / "membership.parquet")
    homes = dict(
        zip(membership["person_id"].to_pylist(), membership["household_id"].to_pylist(), strict=True)
    )
    assert homes[couple.person] != homes.get(partner)
    rows = [row for row in planned(hogar, project, "convergence") if row["action"] == "home_plan_tv"]
    assert not {couple.person, partner} & (
        {row["recipient"] for row in rows} | {row["person"] for row in rows}
    )
    with opened(project) as (work, engine):
        assert couple.person not in {one.person for one in Tables(work).found("joint_spend_plan", engine)}


def test_consent_withdrawn_silences_the_renewal(
    edited: tuple[Path, Found, str, Found], copy_of: Copy, hogar: Any
) -> None:
    """Who refused text messages and e-mail yesterday is no recipient today, and the others still are."""
    project, _, _, renewal = edited
    rows = planned(hogar, copy_of(project), "renewals")
    assert rows
    assert renewal.person not in {row["recipient"] for row in rows}


def test_the_control_group_hears_nothing(market: Path, copy_of: Copy, hogar: Any) -> None:
    """With everybody in the control group no mode says anything that sells."""
    project = copy_of(market)
    found = first(project, "family_plan")
    line = first(project, "roaming_bundle").line
    policies = project / "strategy/policies.yml"
    policies.write_text(policies.read_text().replace("share: 0.05", "share: 1.0"))
    published = hogar("publish", "--project", project)
    assert published.code == 0, published.err
    for campaign in ("renewals", "convergence"):
        report = hogar("campaign", "plan", campaign, "--project", project, "--json").json
        assert report["proposed"] == 0
        assert report["excluded"]["control_group"] > 0
    event = {"id": "1", "type": "com.acme.roaming.v1.arrived", "subject": line, "data": {"country": "US"}}
    assert send(hogar, project, event)["triggers"]["proposed"] == 0
    answer = hogar(
        "decide", "--person", found.person, "--channel", "web", "--reason", "plans", "--project", project, "--json"
    ).json  # fmt: skip
    assert [proposal["action"] for proposal in answer["proposals"]] == []
    assert answer["silence"] == "control_group"
    assert messages(project) == []


def test_a_private_event_is_told_to_nobody_else(market: Path, copy_of: Copy, hogar: Any) -> None:
    """What lay in a basket, or where a phone woke up, reaches only the person it happened to, whoever pays."""
    project = copy_of(market)
    resolved, ingested = project / ".hogar/data/steps/resolve", project / ".hogar/data/steps/ingest"
    con = duckdb.connect()
    party_person = dict(
        con.sql(f"select party_id, person_id from '{resolved}/*/party_person.parquet'").fetchall()
    )
    line_user = dict(con.sql(f"select line_id, person_id from '{resolved}/*/line_user.parquet'").fetchall())
    carts = {party: person for party, person in sorted(party_person.items()) if party.startswith("web:")}
    trips = {
        line: line_user[line]
        for (line,) in con.sql(
            f"select line_id from '{ingested}/*/line.parquet' where kind like 'mobile%'"
        ).fetchall()
        if line in line_user
    }
    events = [
        {"id": who, "type": "com.acme.web.v1.cart_abandoned", "subject": who, "data": {"offer_kind": kind}}
        for who in carts
        for kind in ("broadband",)
    ] + [
        {
            "id": line, "type": "com.acme.roaming.v1.arrived", "subject": line,
            "data": {"country": "US", "stay_days": 5},
        }
        for line in sorted(trips)
    ]  # fmt: skip
    send(hogar, project, *events)
    happened_to = {name_of(who, "cart_abandoned"): person for who, person in carts.items()}
    happened_to |= {name_of(line, "roaming_arrived"): person for line, person in trips.items()}
    said = [one["message"] for one in messages(project)]
    assert {one["action"] for one in said} >= {"fibre_upgrade"}
    assert any(one["action"].startswith("roaming_2gb") for one in said)
    wrong = [one for one in said if one["person"] != happened_to[one["decision"]]]
    assert wrong == []


def name_of(event: str, trigger: str) -> str:
    """The name of the decision that a trigger makes of an event of `/test`."""
    from hashlib import blake2b

    parts = "".join(f"{len(part)}:{part}" for part in ("/test", event, f"trigger:{trigger}"))
    return f"D-{blake2b(parts.encode(), digest_size=12).hexdigest()}"


def test_a_rebuilt_strategy_is_what_decides(market: Path, copy_of: Copy) -> None:
    """After `publish` of a changed action the next decision is made under the new strategy's hash."""
    project = copy_of(market)
    with opened(project) as (work, engine):
        before = engine.live().kernel.strategy.hash
        action = project / "strategy/actions/tv_basic.yml"
        action.write_text(action.read_text() + "\n# changed\n")
        build.publish(work)
        assert engine.live().kernel.strategy.hash != before

"""Warnings about what compiles and cannot be meant: each is found where it stands, and nothing else is said."""

from __future__ import annotations

import re

import pytest

from hogar import strategy
from hogar.telco.catalogue import Catalogue

PATH = "strategy/actions/extra.yml"
POLICIES = "strategy/policies.yml"
ACTION = """name: Television
purpose: grow
scope: {scope}
roles_needed: [financial_controller]
interest: 0.1
value: 10
reason: why not
{more}
treatments:
  web: {{es: Hola, en: Hello}}
"""
Files = dict[str, str]


def said(files: Files, catalogue: Catalogue, offers: dict[str, str]) -> list[str]:
    """All warnings, as lines."""
    compiled = strategy.compile(files, catalogue, offers)
    found = strategy.findings(compiled, files)
    assert all(warning.severity == "warning" for warning in found)
    return [str(warning) for warning in found]


def test_acme_is_clean(acme: Files, catalogue: Catalogue, offers: dict[str, str]) -> None:
    """The tutorial gives no warning."""
    assert said(acme, catalogue, offers) == []


@pytest.mark.parametrize(
    ("scope", "asked", "warning"),
    [
        (
            "household",
            "household.mobile_lines < 3 and household.has_tv and household.mobile_lines > 5",
            "extra.yml:8:68: action `extra` can never be proposed: `household.mobile_lines > 5` never holds together "
            "with `household.mobile_lines < 3` (strategy/actions/extra.yml:8:16)",
        ),
        ("household", "household.technology = 'a' and household.technology = 'b'", "never holds together with"),
        ("household", "household.technology = 'a' and household.technology like 'b%'", "never holds together with"),
        ("household", "household.has_tv and not household.has_tv", "never holds together with"),
        (
            "household",
            "household.spend_eur < household.spend_band_eur and household.spend_eur >= household.spend_band_eur",
            "never holds together with",
        ),
        ("household", "household.mobile_lines between 5 and 2", "`household.mobile_lines between 5 and 2` never holds"),
        ("household", "household.mobile_lines > 1 and household.mobile_lines is null", "never holds together with"),
        (
            "household",
            "household.mobile_lines > 1 and household.mobile_lines < 5 and household.mobile_lines in (1, 5, 6)",
            "never holds together with",
        ),
        ("household", "1 > 2", "`1 > 2` never holds"),
        ("line", "household.payers > 1 and household.spend_eur > 9", "the house's own `household.payers = 1`"),
        (
            "line",
            "coalesce(line.data_gb_month, person.age) > 7 and coalesce(line.data_gb_month, person.age) < 5",
            "never holds together with",
        ),
        ("household", "household.mobile_lines > 5 and household.mobile_lines > 3", "always holds where `household.mob"),
        ("household", "household.has_tv and household.has_tv", "is asked twice, first at"),
        ("household", "household.technology = 'a' and household.technology <> 'b'", "always holds where"),
        (
            "household",
            "household.mobile_lines > 2 and household.mobile_lines < 4 and household.mobile_lines between 1 and 9",
            "always holds where the conditions before it do",
        ),
        ("household", "household.has_tv is null or household.has_tv is not null", "always holds; leave it out"),
        ("household", "household.has_tv or true", "always holds; leave it out"),
        ("household", "1 < 2", "`1 < 2` always holds"),
    ],
)  # fmt: skip
def test_conditions(
    acme: Files, catalogue: Catalogue, offers: dict[str, str], scope: str, asked: str, warning: str
) -> None:
    """What contradicts, repeats or follows from other conditions is said once, where it stands."""
    found = said(acme | {PATH: ACTION.format(scope=scope, more=f"eligible_when: {asked}")}, catalogue, offers)
    assert len(found) == 1
    assert warning in found[0]


@pytest.mark.parametrize(
    "asked",
    [
        "household.mobile_lines > 3 and household.mobile_lines > 5",
        "household.mobile_lines > 2.4 and household.mobile_lines < 2.6",
        "household.technology like 'a%' and household.technology <> 'a'",
        "household.technology > 'a' and household.technology < 'b'",
        "household.technology like 'a%' and household.technology = 'a'",
        "coalesce(household.mobile_lines, 7) > 5 and (household.mobile_lines is null or household.mobile_lines > 9)",
        "household.has_tv is not true and household.has_tv is not false",
        "household.mobile_lines > household.adults and household.mobile_lines < 3",
    ],
)
def test_what_may_be_meant_is_left_alone(
    acme: Files, catalogue: Catalogue, offers: dict[str, str], asked: str
) -> None:
    """A finer reason, a narrow range, a pattern beside a text: nothing is said where nothing is sure."""
    text = ACTION.format(scope="household", more=f"eligible_when: {asked}")
    assert said(acme | {PATH: text}, catalogue, offers) == []


RIVAL = """name: {name}
purpose: {purpose}
scope: household
{offering}
eligible_when: {asked}
{roles}
interest: {interest}
value: {value}
cost: {cost}
reason: why not
treatments:
  web: {{es: Hola, en: Hello}}
"""


def rivals(better: dict[str, object], worse: dict[str, object]) -> Files:
    """Two actions, `aaa` and `bbb`, that differ from each other in some fields."""
    usual = {
        "name": "x", "purpose": "retain", "offering": "", "asked": "household.mobile_lines > 3",
        "roles": "roles_needed: [financial_controller]", "interest": 0.1, "value": 10, "cost": 0,
    }  # fmt: skip
    return {
        f"strategy/actions/{key}.yml": RIVAL.format(**usual | fields)
        for key, fields in (("aaa", better), ("bbb", worse))
    }


@pytest.mark.parametrize(
    ("better", "worse", "wins"),
    [
        ({}, {}, "bbb"),
        ({"value": 12}, {"asked": "household.mobile_lines > 5 and household.has_tv"}, "bbb"),
        ({"asked": "household.mobile_lines > 5"}, {}, None),
        ({"value": 9}, {}, None),
        ({"value": 9}, {"cost": 1}, None),
        ({"roles": "roles_needed: [financial_controller, ict_agent]"}, {}, None),
        ({"offering": "offering: TV-BASIC"}, {}, None),
        ({}, {"value": 9, "interest": 0.05}, "bbb"),
    ],
)
def test_rivals(
    acme: Files, catalogue: Catalogue, offers: dict[str, str], better: dict[str, object],
    worse: dict[str, object], wins: str | None,
) -> None:  # fmt: skip
    """An action that another one always comes before is told; one that differs in a way that may matter is not."""
    found = said(acme | rivals(better, worse), catalogue, offers)
    if wins is None:
        assert found == []
    else:
        assert [line.split(";")[0].split(" (")[0] for line in found] == [
            f"strategy/actions/{wins}.yml:1:1: action `{wins}` can never win against `aaa`"
        ]


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        ({"value": 0}, "its `value` is not above 0"),
        ({"interest": 0}, "its `interest` is 0"),
        ({"interest": 0.1, "value": 10, "cost": 3}, "proposing it costs 3 EUR and brings at most 1.10 EUR"),
        (
            {"roles": "", "purpose": "grow", "offering": "offering: TV-BASIC"},
            "sells `TV-BASIC` and names no role",
        ),
    ],
)
def test_one_action(
    acme: Files, catalogue: Catalogue, offers: dict[str, str], fields: dict[str, object], warning: str
) -> None:
    """What is worth nothing, and what asks nobody's yes."""
    files = rivals({}, fields)
    del files["strategy/actions/aaa.yml"]
    found = said(acme | files, catalogue, offers)
    assert len(found) == 1
    assert warning in found[0]


@pytest.mark.parametrize(
    ("old", "new", "warning"),
    [
        ("reach: 0.8, cost", "reach: 0, cost", "channel `sms` reaches nobody"),
        (
            "quiet_days: [sunday]",
            "quiet_days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]",
            "channel `sms` is silent on every day of the week",
        ),
        ("share: 0.05", "share: 1", "every household is in the control group"),
        (
            "    max: 1\n    days: 90",
            "    max: 7\n    days: 20",
            "contact rule `calls_quarter_household` is never reached: `month_household`",
        ),
        ("    max: 1\n    days: 90", "    max: 0\n    days: 90", "allows none"),
        (
            "kind: impression\n    channels: [web, app]",
            "kind: impression\n    channels: [sms]",
            "it counts nothing",
        ),
        (
            "suppressed_actions: []",
            "suppressed_actions: [renewal_handset]",
            "campaign `renewals` proposes nothing: all its actions are suppressed",
        ),
    ],
)
def test_policies(
    acme: Files, catalogue: Catalogue, offers: dict[str, str], old: str, new: str, warning: str
) -> None:
    """Policies that stop everything or that another one makes idle."""
    assert acme[POLICIES].count(old) == 1
    found = said(acme | {POLICIES: acme[POLICIES].replace(old, new)}, catalogue, offers)
    assert len(found) == 1
    assert warning in found[0]
    assert f"{POLICIES}:" in found[0] or "campaigns/" in found[0]


def test_more_proposals_than_a_rule_allows(acme: Files, catalogue: Catalogue, offers: dict[str, str]) -> None:
    """A decision that may hold more than one household may hear."""
    text = (
        acme[POLICIES]
        .replace("campaign: 1", "campaign: 8")
        .replace(
            "    max: 6\n    days: 30", "    max: 6\n    days: 30\n    message_classes: [marketing, service]"
        )
    )
    found = said(acme | {POLICIES: text}, catalogue, offers)
    assert len(found) == 1
    assert "a decision in campaign mode may hold 8 proposals, but contact rule `month_household`" in found[0]


def test_capacities(acme: Files, catalogue: Catalogue, offers: dict[str, str]) -> None:
    """One that carries nothing, and a campaign that plans more than one carries."""

    def found(channels: str, most: int) -> list[str]:
        line = f"\ncapacities:\n  - {{name: desk, channels: [{channels}], max: {most}, per: day}}\n"
        kept = re.sub(r"(?m)^capacities:(\n  .*)*\n", "", acme[POLICIES])
        return said(acme | {POLICIES: kept + line}, catalogue, offers)

    assert found("sms, email", 9000) == []
    assert found("sms", 10) == []
    assert "capacity `desk` is 0: nothing passes it" in found("sms", 0)[0]
    assert [line.split(" (")[0] for line in found("sms, email", 3000)] == [
        "strategy/campaigns/renewals.yml:1:1: campaign `renewals` plans 5,000 messages a run, but capacity `desk`"
    ]


def test_missing_words(acme: Files, catalogue: Catalogue, offers: dict[str, str]) -> None:
    """A language that a treatment lacks, a channel of a campaign that none of its actions speaks, an action unsaid."""
    text = ACTION.format(scope="household", more="modes: [inbound]").replace(", en: Hello", "")
    found = said(acme | {PATH: text}, catalogue, offers)
    assert [line.split(";")[0] for line in found] == [
        f"{PATH}:10:13: treatment `web` of action `extra` lacks `en`"
    ]
    path = "strategy/campaigns/renewals.yml"
    changed = acme[path].replace("channels: [sms, email]", "channels: [sms, email, push]")
    found = said(acme | {path: changed}, catalogue, offers)
    assert [line.split(";")[0] for line in found] == [
        f"{path}:1:1: campaign `renewals` names the channel `push`, and none of its actions has a treatment for it"
    ]
    text = ACTION.format(scope="household", more="").replace("  web:", "  sms:")
    found = said(acme | {PATH: text}, catalogue, offers)
    assert len(found) == 1
    assert "it is never said" in found[0]


def test_audiences_and_triggers(acme: Files, catalogue: Catalogue, offers: dict[str, str]) -> None:
    """Their conditions are held against each other like an action's."""
    path = "strategy/campaigns/renewals.yml"
    changed = acme[path].replace("between 0 and 60 and", "between 60 and 0 and")
    found = said(acme | {path: changed}, catalogue, offers)
    assert len(found) == 1
    assert "what campaign `renewals` names can never be proposed" in found[0]


@pytest.mark.parametrize(
    ("path", "old", "new", "said_first"),
    [
        (
            "strategy/actions/network_apology.yml",
            "applicable_when: event.minutes >= 60 or line.outage_minutes_7d >= 60",
            "applicable_when: event.minutes < 10",
            "`event.minutes >= 15` never holds together with `event.minutes < 10`",
        ),
        (
            "strategy/campaigns/convergence.yml",
            "audience: household.has_broadband",
            "audience: household.mobile_lines > 9 and household.has_broadband",
            "`household.mobile_lines > 9` never holds together with `household.mobile_lines between 1 and 3`",
        ),
        (
            "strategy/campaigns/renewals.yml",
            "audience: line.commitment_days_left between 0 and 60",
            "audience: line.commitment_days_left > 100",
            None,
        ),
    ],
)
def test_what_never_meets(
    acme: Files, catalogue: Catalogue, offers: dict[str, str], path: str, old: str, new: str,
    said_first: str | None,
) -> None:  # fmt: skip
    """A trigger or audience that its own action can never meet; a person's other line may still be meant."""
    assert acme[path].count(old) == 1
    found = said(acme | {path: acme[path].replace(old, new)}, catalogue, offers)
    assert bool(found) == bool(said_first)
    assert said_first is None or said_first in found[0]

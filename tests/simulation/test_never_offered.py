"""What is never offered, over every decision of a campaign that looks at everybody, judged by an auditor of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import auditor
import pytest
import yaml

from hogar.app import opened
from hogar.runtime.inbound import InboundRequest, decide_inbound

pytestmark = pytest.mark.market
CHANNELS = ("email", "sms", "push", "call")
EVERYBODY = """
audience: everybody
actions: [{actions}]
channels: [email, sms, push, call]
schedule: "0 9 * * 1"
"""


@pytest.fixture
def everybody(market: Path, copy_of: Callable[[Path], Path], hogar: Any) -> Path:
    """The market with a campaign for all that may be sold in a campaign, to everybody, on every channel; planned."""
    project = copy_of(market)
    actions = {
        path.stem: yaml.safe_load(path.read_text())
        for path in sorted((project / "strategy/actions").glob("*.yml"))
    }
    wanted = [
        name
        for name, action in actions.items()
        if "campaign" in action.get("modes", ["campaign"]) and set(CHANNELS) & set(action["treatments"])
    ]
    assert len(wanted) >= 8
    (project / "strategy/campaigns/everybody.yml").write_text(EVERYBODY.format(actions=", ".join(wanted)))
    for arguments in (("publish",), ("campaign", "plan", "everybody", "--json")):
        ran = hogar(*arguments, "--project", project)
        assert ran.code == 0, ran.err
    assert ran.json["proposed"] > 50
    return project


def test_nothing_owned_ordered_or_too_dear_is_ever_offered(everybody: Path) -> None:
    """In hundreds of decisions nothing that is owned, ordered, above the spend band or undeliverable, nobody of the
    control group, no minor, nobody who refused the channel."""
    policies = yaml.safe_load((everybody / "strategy/policies.yml").read_text())["control_group"]
    said = auditor.proposals(everybody, "campaign")
    assert len(said) > 50
    assert len({proposal["action"] for proposal in said}) >= 4
    permille = round(policies["share"] * 1000)
    assert auditor.breaches(everybody, said, salt=policies["salt"], control_permille=permille) == []


def test_nobody_in_front_of_us_is_offered_it_either(market: Path, copy_of: Callable[[Path], Path]) -> None:
    """The same holds when every grown-up of the market opens the site and calls us."""
    project = copy_of(market)
    with opened(project) as engine:
        for household in engine.live().profiles.households():
            for member in household.members:
                for channel in ("web", "call_centre"):
                    decide_inbound(engine, InboundRequest(channel=channel, person=member.id, reason="plans"))
    policies = yaml.safe_load((project / "strategy/policies.yml").read_text())["control_group"]
    said = auditor.proposals(project, "inbound")
    assert len(said) > 100
    permille = round(policies["share"] * 1000)
    service = {"complaint_follow_up", "network_apology"}
    sold = [proposal for proposal in said if proposal["action"] not in service]
    assert auditor.breaches(project, sold, salt=policies["salt"], control_permille=permille) == []


def test_the_auditor_sees_what_is_wrong(everybody: Path) -> None:
    """The same proposals with another offer, another recipient, or everybody in the control group are breaches."""
    said = auditor.proposals(everybody, "campaign")
    dear = [{**proposal, "offering": "HOGAR-4"} for proposal in said]
    found = auditor.breaches(everybody, dear, salt="x", control_permille=1000)
    kinds = {re.split(r": ", one)[0] for one in found}
    assert kinds >= {
        "control group", "dearer than the band, by its price alone", "above the band, after what it replaces",
    }  # fmt: skip
    strangers = [{**said[0], "recipient": said[-1]["recipient"]}]
    assert any(
        "another household" in one
        for one in auditor.breaches(everybody, strangers, salt="x", control_permille=0)
    )

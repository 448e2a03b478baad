"""In whose words is it said? The variant for the recipient's role, from the decision to what leaves the house."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
import pytest
import small_market

from hogar.runtime import campaign_runs, campaigns
from hogar.runtime.drafts import Payload
from hogar.runtime.engine import Engine
from hogar.runtime.explain import explain_decision
from hogar.runtime.inbound import InboundRequest, decide_inbound
from hogar.runtime.preview import Reader
from hogar.runtime.replay import replay
from hogar.stores import outbox
from hogar.stores.moment import to_micros
from hogar.strategy import compile
from hogar.strategy.preview import example_values, preview

PAYER, PARTNER = "P-crm:00001a", "P-crm:00001b"
TEXTS = small_market.TEXTS | {
    "strategy/actions/family_plan.yml": small_market.TEXTS["strategy/actions/family_plan.yml"].replace(
        'web: {es: "Plan familiar por {{ action.monthly_eur | euros }}"}',
        'web: {es: {text: Plan familiar, roles: {consumer: "Para todos", '
        'financial_controller: "Por {{ action.monthly_eur | euros }}, {{ action.saving_eur | euros }} menos"}}}',
    ),
    "strategy/actions/new_phone.yml": small_market.TEXTS["strategy/actions/new_phone.yml"].replace(
        'email: {es: {subject: "Estrena", text: "Movil nuevo"}}',
        "email: {es: {subject: Estrena, text: Movil nuevo, pass_on: on, "
        'roles: {ict_agent: "Movil, y te pasamos los datos"}}}',
    ),
    "strategy/campaigns/renewals.yml": small_market.TEXTS["strategy/campaigns/renewals.yml"].replace("sms, ", ""),
}  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Ten homes, in which the payer holds every role and the partner none, and words for roles."""
    return small_market.engine(tmp_path, texts=TEXTS)


def test_the_payer_hears_the_price(engine: Engine) -> None:
    """The answer has the payer's words and says for which role they are; so does the explanation; it replays."""
    made = decide_inbound(engine, InboundRequest(channel="web", person=PAYER, reason="plans"))
    (proposal,) = made.proposals
    assert (proposal.role, proposal.text) == ("financial_controller", "Por 40 €, 20 € menos")
    (explained,) = explain_decision(engine, made.decision).proposals
    assert (explained.role, explained.language) == ("financial_controller", "es")
    assert replay(engine, made.decision).identical


def test_channels_without_words_for_roles_say_the_plain_ones(engine: Engine) -> None:
    """No role, no word of one."""
    made = decide_inbound(engine, InboundRequest(channel="call_centre", person=PAYER))
    (proposal,) = made.proposals
    assert (proposal.role, proposal.text) == ("", "Plan familiar por 40 €")


def test_the_target_file_and_the_message_carry_the_role(engine: Engine, tmp_path: Path) -> None:
    """Whoever delivers knows for whom the words were written; subject and pass-on link are the treatment's."""
    campaigns.plan(engine, "renewals", tmp_path / "targets.csv")
    with (tmp_path / "targets.csv").open(newline="") as file:
        assert {(row["channel"], row["role"]) for row in csv.DictReader(file)} == {("email", "ict_agent")}
    campaign_runs.run(engine, "renewals")
    message = outbox.due(engine.ledger, to_micros(small_market.NOW), 1)[0]
    said = msgspec.json.decode(message.payload, type=Payload).said
    assert (said.text, said.subject) == ("Movil, y te pasamos los datos", "Estrena")
    assert (said.role, said.pass_on) == ("ict_agent", True)


def test_a_preview_has_a_persons_own_values(engine: Engine) -> None:
    """In the person's role, or in the one that is asked for; nothing is decided or recorded."""
    strategy = compile(TEXTS, small_market.CATALOGUE, small_market.OFFERS)
    actions = {action.key: action for action in strategy.actions}

    def read(person: str, action: str, role: str = "") -> list[tuple[str, str, str]]:
        reader = Reader.of(engine, strategy, actions[action], person, {})
        return [
            (each.channel, each.role, preview(each, reader.values(actions[action], each, {}), {}).text)
            for each in reader.treatments(actions[action], role=role)
        ]

    assert read(PAYER, "family_plan")[0] == ("web", "financial_controller", "Por 40 €, 20 € menos")
    assert read(PARTNER, "family_plan")[0] == ("web", "", "Plan familiar")
    assert read(PARTNER, "family_plan", role="consumer")[0] == ("web", "consumer", "Para todos")
    assert read(PARTNER, "new_phone")[0] == ("sms", "", "Estrena movil: el tuyo tiene 29 meses")
    reader = Reader.of(engine, strategy, actions["roaming"], PARTNER, {})
    (roaming,) = reader.treatments(actions["roaming"])
    values = reader.values(
        actions["roaming"], roaming, example_values(roaming.names, {"event.country": "text"})
    )
    assert preview(roaming, values, {}).text == "Bienvenido a <country>"
    asked = Reader.of(engine, strategy, actions["family_plan"], PAYER, {}).verdicts
    assert [(one.qualifies, one.because) for one in asked] == [(True, "")]
    assert engine.ledger.counts() == {}

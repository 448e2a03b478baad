"""How long a text becomes: example values, the longest ones, and the warning where a text message grows too long."""

import pytest

from hogar import strategy
from hogar.strategy.preview import example_values, long_messages, preview, types_of
from hogar.strategy.types import Strategy, Treatment
from hogar.telco.catalogue import Catalogue

PATH = "strategy/actions/golden.yml"
ACTION = """
name: A text
purpose: grow
scope: household
offering: TV-BASIC
interest: 0.1
value: 10
reason: Why not
treatments:
  sms:
    es: "{es}"
    en: Hello
"""
Files = dict[str, str]


def _compiled(acme: Files, catalogue: Catalogue, offers: Files, text: str) -> Strategy:
    return strategy.compile(acme | {PATH: ACTION.replace("{es}", text)}, catalogue, offers)


def _spanish(compiled: Strategy) -> Treatment:
    action = next(action for action in compiled.actions if action.key == "golden")
    return action.treatments[0]


def test_values_are_made_up_by_type_and_name() -> None:
    """Money is a price, a share is below one, a date is a day, a text is its own name in angle brackets."""
    types = {
        "a.price_eur": "number",
        "a.share": "number",
        "a.lines": "number",
        "a.day": "date",
        "event.land": "text",
    }
    assert example_values(types, types) == {  # type: ignore[arg-type]
        "a.price_eur": 12.5, "a.share": 0.5, "a.lines": 3.0, "a.day": "2026-03-15", "event.land": "<land>",
    }  # fmt: skip


def test_a_message_is_measured_as_it_is_and_at_its_longest(
    acme: Files, catalogue: Catalogue, offers: Files
) -> None:
    """150 letters and a price: one part with 12,50 €, two with 999,99 €."""
    compiled = _compiled(acme, catalogue, offers, "a" * 151 + " {{ action.monthly_eur | euros }}")
    treatment, types = _spanish(compiled), types_of(compiled, catalogue)
    found = preview(treatment, example_values(treatment.names, types), types)
    assert found.sms is not None
    assert (found.text[-8:], found.sms.units, found.sms.parts, found.sms.parts_longest) == (
        " 12,50 €",
        160,
        1,
        2,
    )


def test_what_is_missing_is_told(acme: Files, catalogue: Catalogue, offers: Files) -> None:
    """Without the value there is no text: the template is shown, and why it would not be said."""
    compiled = _compiled(acme, catalogue, offers, "Por {{ action.monthly_eur | euros }}")
    found = preview(_spanish(compiled), {"action.monthly_eur": None}, types_of(compiled, catalogue))
    assert found.text == "Por {{ action.monthly_eur | euros }}"
    assert "not known of this customer" in found.missing


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a" * 306, []),
        ("a" * 307, ["may take 3 parts (307 of GSM-7), 2 allowed by `sms_parts_max`; shorten it"]),
        (
            "a" * 140 + "ó",
            ["may take 3 parts (141 of UCS-2), 2 allowed by `sms_parts_max`; write it without `ó`"],
        ),
        ("a" * 300 + "{{ household.spend_eur | euros }}", ["may take 3 parts (309 of GSM-7), 2 allowed"]),
    ],
)
def test_long_messages_are_warned_of(
    acme: Files, catalogue: Catalogue, offers: Files, text: str, said: list[str]
) -> None:
    """At the place of the text, with the letters that make it dear; acme's own are short enough."""
    compiled = _compiled(acme, catalogue, offers, text)
    found = long_messages(compiled, types_of(compiled, catalogue))
    assert [problem.severity for problem in found] == ["warning"] * len(said)
    for problem, words in zip(found, said, strict=True):
        assert words in str(problem)
        assert str(problem).startswith(f"{PATH}:11:9: the text message of `golden`")


def test_the_limit_is_the_policies(acme: Files, catalogue: Catalogue, offers: Files) -> None:
    """`sms_parts_max: 1` warns of what takes two."""
    policies = acme["strategy/policies.yml"] + "\nsms_parts_max: 1\n"
    compiled = _compiled(acme | {"strategy/policies.yml": policies}, catalogue, offers, "a" * 161)
    assert len(long_messages(compiled, types_of(compiled, catalogue))) == 1


def test_pushes_and_subjects_have_their_own_measure(acme: Files, catalogue: Catalogue, offers: Files) -> None:
    """A push by its text, an email by its subject; other channels have no limit."""
    compiled = strategy.compile(acme, catalogue, offers)
    action = next(action for action in compiled.actions if action.key == "fibre_upgrade")
    types = types_of(compiled, catalogue)
    shown = {
        each.channel: preview(each, example_values(each.names, types), types) for each in action.treatments
    }
    assert {channel: one.characters_max for channel, one in shown.items()} == {
        "web": 0, "app": 0, "push": 150, "email": 60, "call_centre": 0,
    }  # fmt: skip
    assert shown["email"].characters == len(shown["email"].subject)

"""The difference between two strategies is told part by part, with the place; nothing is missed or invented."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hogar import strategy
from hogar.strategy.controls import Controls, Price, with_controls
from hogar.strategy.diff import Change, Side, diff, words
from hogar.strategy.diff_effects import effect_words, effects
from hogar.strategy.documents import read
from hogar.strategy.levers import Lever
from hogar.telco.catalogue import Catalogue

HANDSET = "strategy/actions/renewal_handset.yml"
TV = "strategy/actions/tv_basic.yml"
POLICIES = "strategy/policies.yml"
Acme = dict[str, str]


@pytest.fixture
def old(catalogue: Catalogue, offers: dict[str, str], acme: Acme) -> Side:
    """Acme's strategy as it is."""
    return side(acme, catalogue, offers)


def side(texts: Acme | dict[str, str | bytes], catalogue: Catalogue, offers: dict[str, str]) -> Side:
    """Texts, compiled."""
    return Side(texts=texts, strategy=strategy.compile(texts, catalogue, offers), catalogue=catalogue)


def edited(acme: Acme, path: str, *changes: tuple[str, str]) -> Acme:
    """A copy with one file changed."""
    text = acme[path]
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    return acme | {path: text}


def said(changes: tuple[Change, ...]) -> list[str]:
    """The changes in words, with their places."""
    return [f"{words(change)} @ {change.place}" for change in changes]


def test_conditions_are_told_one_by_one(old: Side, acme: Acme, offers: dict[str, str]) -> None:
    """One condition more, one less, one other: not a new text of all of them."""
    new = edited(
        acme, HANDSET,
        ("line.commitment_days_left between 0 and 60", "line.commitment_days_left between 0 and 90"),
        ("not line.prepaid and line.device_age_months >= 30", "line.device_age_months >= 30 and line.silent_days < 9"),
    )  # fmt: skip
    found = diff(old, side(new, old.catalogue, offers))
    assert [(one.how, one.part, one.before, one.after) for one in found] == [
        (
            "changed", "eligible_when", "line.commitment_days_left BETWEEN 0 AND 60".lower(),
            "line.commitment_days_left between 0 and 90",
        ),
        ("removed", "applicable_when", "not line.prepaid", ""),
        ("added", "applicable_when", "", "line.silent_days < 9"),
    ]  # fmt: skip
    assert {one.name for one in found} == {"renewal_handset"}
    for one in found:
        assert one.place is not None
        text = (acme if one.how == "removed" else new)[one.place.file].splitlines()[one.place.line - 1]
        assert text[one.place.column - 1 :].startswith(one.after or one.before)


def test_values_words_roles_and_modes_are_told(old: Side, acme: Acme, offers: dict[str, str]) -> None:
    """Each field by its name, each treatment by channel, language and role."""
    new = edited(
        acme, HANDSET, ("value: 3 * 12 + 80", "value: 3 * 12 + 90"), ("urgency: 1.2", "urgency: 2"),
        ("roles_needed: [financial_controller]", "roles_needed: [consumer]\ncost: 0.5"),
        ('es: "Renueva con el Aria 12', 'es: "Renueva hoy con el Aria 12'),
    )  # fmt: skip
    told = said(diff(old, side(new, old.catalogue, offers)))
    assert told[:4] == [
        "action `renewal_handset`, roles_needed: `financial_controller` becomes `consumer` @ "
        f"{HANDSET}:{_line(new[HANDSET], 'roles_needed')}:15",
        f"action `renewal_handset`, cost added: `0.5` @ {HANDSET}:{_line(new[HANDSET], 'cost')}:7",
        f"action `renewal_handset`, value: `3 * 12 + 80` becomes `3 * 12 + 90` @ "
        f"{HANDSET}:{_line(new[HANDSET], 'value')}:8",
        f"action `renewal_handset`, urgency: `1.2` becomes `2` @ {HANDSET}:{_line(new[HANDSET], 'urgency')}:10",
    ]
    (words_of_web,) = told[4:]
    assert words_of_web.startswith("action `renewal_handset`, treatments web es: `Renueva con el")


def _line(text: str, field: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith(f"{field}:"))


def test_policies_are_told_by_the_names_of_their_rules(old: Side, acme: Acme, offers: dict[str, str]) -> None:
    """A rule that moves in its list is the same rule; one that is new is told field by field."""
    rule = re.search(r"  - name: week_person\n    per: person\n    max: 2\n    days: 7\n", acme[POLICIES])
    assert rule is not None
    new = edited(acme, POLICIES, (rule[0], ""), ("contact_rules:\n", f"contact_rules:\n{rule[0]}"))
    assert diff(old, side(new, old.catalogue, offers)) == ()
    new = edited(
        acme, POLICIES, (rule[0], rule[0].replace("max: 2", "max: 3")), ("share: 0.05", "share: 0.1"),
        ('quiet: "22:00-08:30"', 'quiet: "22:00-09:00"'),
    )  # fmt: skip
    assert [words(one) for one in diff(old, side(new, old.catalogue, offers))] == [
        "policies, channels push quiet: `22:00-08:30` becomes `22:00-09:00`",
        "policies, contact_rules week_person max: `2` becomes `3`",
        "policies, control_group share: `0.05` becomes `0.1`",
    ]


def test_whole_files_come_and_go_once(old: Side, acme: Acme, offers: dict[str, str]) -> None:
    """A new action and one that is gone, by what people call them, then part by part; and whose data they rest on."""
    new = {path: text for path, text in acme.items() if path != TV} | {
        "strategy/actions/tv_again.yml": acme[TV]
    }
    found = [one for one in diff(old, side(_without_tv(new), old.catalogue, offers)) if one.kind == "action"]
    name = re.search(r"^name: (.*)$", acme[TV], re.MULTILINE)
    assert name is not None
    told = [words(one) for one in found]
    half = len(told) // 2
    assert (told[0], told[half]) == (
        f"action `tv_again` added: {name[1]}",
        f"action `tv_basic` removed: {name[1]}",
    )
    for part in ("eligible_when", "interest", "value", "treatments push es", "offering", "roles_needed"):
        assert any(line.startswith(f"action `tv_again`, {part} added: `") for line in told), part
    assert [line.replace("tv_again", "tv_basic").replace("added", "removed") for line in told[:half]] == told[
        half:
    ]
    after = side(_without_tv(new), old.catalogue, offers).strategy
    follows = [effect_words(one) for one in effects(old.strategy, after)]
    assert follows[0] == "whose data a new action rests on: the payer's, for tv_again"


def _without_tv(texts: Acme) -> Acme:
    """Campaigns and triggers that name the action name its new key."""
    return {
        path: re.sub(r"\btv_basic\b", "tv_again", text) if re.search("campaigns|triggers", path) else text
        for path, text in texts.items()
        if not path.startswith("tests/") and "usecases" not in path
    }


def test_comments_and_layout_are_no_difference(old: Side, acme: Acme, offers: dict[str, str]) -> None:
    """Another hash, and nothing to tell."""
    new = side({path: f"# a word\n{text}\n" for path, text in acme.items()}, old.catalogue, offers)
    assert new.strategy.hash != old.strategy.hash
    assert diff(old, new) == ()
    assert effects(old.strategy, new.strategy) == ()


def test_every_leaf_that_changes_is_told(old: Side, acme: Acme, offers: dict[str, str]) -> None:
    """Each number of each file, one after the other, made another: one difference each, at its line."""
    count = 0
    for path, text in sorted(acme.items()):
        if not path.startswith("strategy/") or "usecases" in path:
            continue
        for match in list(re.finditer(r"(?m)(?<=: )\d+(\.\d+)?(?=\s*(#.*)?$)", text))[:2]:
            changed = acme | {path: f"{text[: match.start()]}{match[0]}0{text[match.end() :]}"}
            other = Side(texts=changed, strategy=old.strategy, catalogue=old.catalogue)
            (one,) = diff(old, other)
            assert one.place is not None
            assert (one.place.file, one.place.line) == (path, text[: match.start()].count("\n") + 1)
            count += 1
    assert count > 20
    assert not read(POLICIES, acme[POLICIES]).problems


def test_controls_and_what_follows_from_them(old: Side, acme: Acme, offers: dict[str, str]) -> None:
    """A lever set at run time is told once, its effect for all actions at which it pulls."""
    levers, prices = (Lever(purpose="retain", weight=1.5),), (Price(channel="sms", eur=0.1),)
    controls = Controls(objective="customer_growth", levers=levers, prices=prices)
    new = side(with_controls(acme, controls), old.catalogue, offers)
    assert [words(one) for one in diff(old, new)] == [
        "controls, objective added: `customer_growth`",
        "controls, levers purpose retain weight added: `1.5`",
        "controls, prices channel sms eur added: `0.1`",
    ]
    found = {one.what: one for one in effects(old.strategy, new.strategy)}
    assert found["objective in force"].after == "customer_growth"
    assert "renewal_handset" in found["weight"].actions
    assert float(found["weight"].after) == pytest.approx(1.5 * float(found["weight"].before))
    assert effect_words(found["objective in force"]).startswith(
        "objective in force: annual_value becomes customer_growth for "
    )


def test_features_are_told_by_what_decides(old: Side, acme: Acme, offers: dict[str, str]) -> None:
    """Another label changes who may hear of it: the feature is told, and what follows for the actions."""
    name = "line.commitment_days_left"
    relabelled = replace(old.catalogue.features[name], whose="person", help="new words")
    features = {**old.catalogue.features, name: relabelled}
    del features["person.logins_90d"]
    new = side(acme, Catalogue.of(list(features.values())), offers)
    assert [words(one) for one in diff(old, new)] == [
        "feature `line.commitment_days_left`, whose data: `payer` becomes `person`",
        "feature `person.logins_90d` removed: a number, person's data, for care, marketing",
    ]
    assert "rests on whose data" in {one.what for one in effects(old.strategy, new.strategy)}

"""What is asleep for some, on some days: a condition of the house, with its reason and its place."""

from __future__ import annotations

from datetime import date

import pytest

from hogar import expr, strategy
from hogar.strategy.types import Condition
from hogar.telco.catalogue import Catalogue

Files = dict[str, str]
Offers = dict[str, str]
POLICIES = "strategy/policies.yml"


def suppressed(acme: Files, catalogue: Catalogue, offers: Offers, text: str, key: str) -> list[Condition]:
    """The conditions that a suppression puts on an action."""
    texts = acme | {POLICIES: f"{_without(acme[POLICIES])}\nsuppressions:\n  - {text}\n"}
    found = {action.key: action for action in strategy.compile(texts, catalogue, offers).actions}[key]
    return [condition for condition in found.conditions if condition.kind == "suppressed"]


def _without(policies: str) -> str:
    """The policies without suppressions of their own; a list ends where a line begins at its left."""
    kept, inside = [], False
    for line in policies.splitlines():
        inside = line.startswith("suppressions:") or (inside and line.startswith((" ", "#")))
        if not inside:
            kept.append(line)
    return "\n".join(kept)


@pytest.mark.parametrize(
    ("day", "age", "holds"),
    [
        ("2026-02-28", 30, True), ("2026-03-01", 30, False), ("2026-03-31", 30, False), ("2026-04-01", 30, True),
        ("2026-03-15", 70, True), ("2026-03-15", None, None), ("2026-04-01", None, True),
    ],
)  # fmt: skip
def test_it_holds_on_its_days_for_whom_it_is_about(
    acme: Files, catalogue: Catalogue, offers: Offers, day: str, age: float | None, holds: bool | None
) -> None:
    """Of whom it cannot be said it is asleep too, but only on those days."""
    days = "from: 2026-03-01, until: 2026-03-31"
    text = f"{{name: x, actions: [renewal_handset], {days}, when: person.age < 65, because: y}}"
    (condition,) = suppressed(acme, catalogue, offers, text, "renewal_handset")
    values = {"context.today": (date.fromisoformat(day) - date(1970, 1, 1)).days, "person.age": age}
    names = sorted(condition.expression.names)
    layout = {name: number for number, name in enumerate(names)}
    assert expr.row(condition.expression, layout)([values[name] for name in names]) is holds
    assert condition.because == "y"
    assert condition.place.file == POLICIES


def test_it_stands_before_the_authors_own_and_leaves_needs_alone(
    acme: Files, catalogue: Catalogue, offers: Offers
) -> None:
    """It silences only: whose data it reads does not say who may hear the action."""
    plain = {action.key: action for action in strategy.compile(acme, catalogue, offers).actions}[
        "family_plan"
    ]
    text = f"{{name: x, purposes: [{plain.purpose}], when: household.open_complaints > 5, because: y}}"
    (condition,) = suppressed(acme, catalogue, offers, text, "family_plan")
    texts = acme | {POLICIES: f"{_without(acme[POLICIES])}\nsuppressions:\n  - {text}\n"}
    found = {action.key: action for action in strategy.compile(texts, catalogue, offers).actions}[
        "family_plan"
    ]
    kinds = [each.kind for each in found.conditions]
    authors = [kind for kind in kinds if kind in ("eligible", "applicable", "suitable")]
    assert kinds[-len(authors) - 1 :] == ["suppressed", *authors]
    assert found.needs == plain.needs
    assert condition.text == "not (household.open_complaints > 5)"


def test_a_message_of_law_is_never_withheld(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """Neither by purpose nor by name; by name it is a problem."""
    path = "strategy/actions/complaint_follow_up.yml"
    texts = acme | {path: acme[path].replace("message_class: service", "message_class: legal")}
    assert texts[path] != acme[path]
    policies = f"{_without(acme[POLICIES])}\nsuppressions:\n  - "
    by_purpose = policies + "{name: x, purposes: [care], when: household.adults > 1, because: y}\n"
    by_name = policies + "{name: x, actions: [complaint_follow_up], when: household.adults > 1, because: y}\n"
    assert strategy.check(texts | {POLICIES: by_purpose}, catalogue, offers) == []
    (problem,) = strategy.check(texts | {POLICIES: by_name}, catalogue, offers)
    assert "is a message of law, which is never withheld" in problem.what

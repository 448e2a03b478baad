"""The authors' own cases: who is in them, what was said before, and what a case that comes out otherwise says."""

from __future__ import annotations

from pathlib import Path

import pytest

import hogar
from hogar import features, strategy
from hogar.build.author_cases import failures
from hogar.build.models import read_models
from hogar.errors import ProblemsFound
from hogar.models import score_features
from hogar.strategy import cases
from hogar.strategy.types import Strategy
from hogar.telco.catalogue import Catalogue

TEMPLATE = Path(hogar.__file__).parent / "templates" / "acme"
FILE = "tests/people.yml"
TEXT = (TEMPLATE / FILE).read_text(encoding="utf-8")
WHO = "who: {roles: {consumer: 0.95}}\n  others:\n    - {name: the mother"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Acme's features and scores."""
    return Catalogue.of([*features.read_catalogue(TEMPLATE), *score_features(read_models(TEMPLATE))])


@pytest.fixture(scope="module")
def compiled(catalogue: Catalogue) -> Strategy:
    """Acme's strategy."""
    paths = sorted((TEMPLATE / "strategy").rglob("*.yml"))
    return strategy.compile(
        {p.relative_to(TEMPLATE).as_posix(): p.read_text(encoding="utf-8") for p in paths}, catalogue
    )


def said(text: str, compiled: Strategy, catalogue: Catalogue) -> list[str]:
    """What is wrong with a file of cases: how it is written, or how they come out."""
    try:
        read = cases.read(FILE, text, compiled, catalogue)
    except ProblemsFound as found:
        return [str(problem) for problem in found.problems]
    return [str(problem) for problem in failures(compiled, catalogue, read)]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("recipient: the mother}", "recipient: the person}", "is proposed to the mother, the person expected"),
        ("recipient: the mother}", "recipient: the aunt}", "`the aunt` is not somebody of this case"),
        ("recipient: the mother}", "channel: email}", "email expected"),
        (WHO, WHO.replace("roles: {consumer: 0.95}", "pays: yes"), "more than one pays"),
        (WHO, WHO.replace("consumer: 0.95", "consumer: 1.95"), "`consumer` must be at most 1"),
        ("who: {objects: yes, allows: []}", "who: {objets: yes}", "did you mean `objects`?"),
        ("{name: the partner,", "{name: the person,", "two people are called `the person`"),
        ("{days_ago: 5, channel: email}", "{days_ago: 5, channel: fax}", "`fax` is not a channel"),
        ("{days_ago: 5, channel: email}", "{days_ago: 8, channel: email}", "is proposed to the person through"),
        (
            "{excluded: renewal_handset, because: objection}",
            "{excluded: renewal_handset, because: minor}",
            "is excluded because of objection, not minor; it fell at objection (objected to direct marketing)",
        ),
        (
            "{excluded: renewal_handset, because: objection}",
            "{excluded: renewal_handset, role: consumer}",
            "`role` goes with an `action` only",
        ),
        (
            "{excluded: renewal_handset, because: week_person}",
            "{action: renewal_handset}",
            "nothing is proposed, `renewal_handset` expected; it fell at week_person",
        ),
        ("expect: {action: network_apology}", "expect: nothing", "`network_apology` is proposed to the person through"),
        (
            "expect: {action: network_apology}",
            "expect: {action: tv_basic}",
            "`tv_basic` expected; it is not asked for here",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_case(
    compiled: Strategy, catalogue: Catalogue, old: str, new: str, problem: str
) -> None:
    """A case that comes out otherwise, or that cannot be read, says so at its place."""
    assert old in TEXT
    (found,) = said(TEXT.replace(old, new, 1), compiled, catalogue)
    assert problem in found
    assert found.startswith(f"{FILE}:")


def test_acmes_own(compiled: Strategy, catalogue: Catalogue) -> None:
    """As they are written, all of them hold."""
    assert said(TEXT, compiled, catalogue) == []


def test_who_pays_and_which_roles(compiled: Strategy, catalogue: Catalogue) -> None:
    """The person pays unless somebody else does; whose roles are written has no others."""
    first, second, *_ = cases.read(FILE, TEXT, compiled, catalogue)
    assert [(person.name, person.pays) for person in first.people] == [
        ("the person", False),
        ("the mother", True),
    ]
    assert first.people[0].roles == {"consumer": 0.95}
    assert second.people[0].allows == cases.CHANNELS

"""What only shows on customers: who never qualifies, who never wins and who wins instead, over published profiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

import hogar
from hogar import build, features, strategy
from hogar.build.base import Base, base_findings
from hogar.build.case_home import case_household, case_schema
from hogar.build.models import read_models
from hogar.models import score_features
from hogar.stores.profiles import Profiles, write_profiles
from hogar.strategy import cases
from hogar.telco.catalogue import Catalogue

TEMPLATE = Path(hogar.__file__).parent / "templates" / "acme"
NOW = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
Texts = dict[str, str]
Judge = Callable[..., Base]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Acme's features and scores."""
    return Catalogue.of([*features.read_catalogue(TEMPLATE), *score_features(read_models(TEMPLATE))])


@pytest.fixture(scope="module")
def texts() -> Texts:
    """Acme's strategy and its authors' cases."""
    return {
        path.relative_to(TEMPLATE).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("strategy", "tests")
        for path in sorted((TEMPLATE / folder).rglob("*.yml"))
    }


@pytest.fixture(scope="module")
def profiles(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue, texts: Texts) -> Profiles:
    """Every case of the authors as a published household."""
    compiled = strategy.compile(texts, catalogue)
    read = [
        case
        for path, text in texts.items()
        if path.startswith("tests/")
        for case in cases.read(path, text, compiled, catalogue)
    ]
    schema = case_schema(catalogue, read)
    folder = tmp_path_factory.mktemp("profiles")
    write_profiles(folder, schema, (_apart(case_household(schema, case), n) for n, case in enumerate(read)))
    return Profiles.open(folder)


def _apart(home, number):
    """The household under an id of its own, its people and lines too."""
    name = f"H-{number:03d}"
    return msgspec.structs.replace(
        home, id=name, anchor=name,
        members=tuple(
            msgspec.structs.replace(m, id=f"{name}/{k}", parties=(f"{name}/{k}",)) for k, m in enumerate(home.members)
        ),
        lines=tuple(msgspec.structs.replace(each, id=f"{name}/line") for each in home.lines),
    )  # fmt: skip


@pytest.fixture
def judge(profiles: Profiles, catalogue: Catalogue, texts: Texts) -> Judge:
    """The findings over the base for Acme's files, some of them changed."""

    def found(changed: Texts | None = None, sample: int = build.SAMPLE) -> Base:
        return base_findings(strategy.compile(texts | (changed or {}), catalogue), profiles, NOW, sample)

    return found


def test_who_is_proposed_is_not_told(judge: Judge, profiles: Profiles) -> None:
    """Every action of Acme's is proposed to one of the homes of its own cases; what waits for events is named apart."""
    base = judge()
    assert base.warnings == ()
    assert base.households == profiles.count
    assert base.unjudged == (
        "network_apology", "roaming_2gb_fortnight", "roaming_2gb_month", "roaming_2gb_week",
    )  # fmt: skip


def test_never_qualifies(judge: Judge, texts: Texts) -> None:
    """The condition that stops most is named with its place, and how many it stops; unknown and false apart."""
    path = "strategy/actions/family_plan.yml"
    changed = texts[path].replace("household.mobile_lines >= 4", "household.mobile_lines >= 40")
    (warning,) = judge({path: changed}).warnings
    line = 1 + changed[: changed.index(">= 40")].count("\n")
    assert (warning.place.file, warning.severity) == (path, "warning")
    assert warning.what.startswith("action `family_plan` qualifies for none of ")
    assert "`household.mobile_lines >= 40` stops 2" in warning.what
    assert "is unknown for" in warning.what
    assert line > 1


def test_never_wins(judge: Judge, texts: Texts) -> None:
    """What qualifies and is never proposed is told with the reasons, and with what comes first instead."""
    path = "strategy/actions/complaint_follow_up.yml"
    rival = texts[path].replace("value: 25", "value: 250")
    policies = texts["strategy/policies.yml"].replace("inbound: 3", "inbound: 1")
    base = judge({"strategy/actions/complaint_first.yml": rival, "strategy/policies.yml": policies})
    (warning,) = [each for each in base.warnings if each.place.file == path]
    assert "and never wins: outranked" in warning.what
    assert "`complaint_first` come first" in warning.what


def test_no_gain(judge: Judge, texts: Texts) -> None:
    """An action that never brings what asking costs never wins."""
    path = "strategy/actions/complaint_follow_up.yml"
    (warning,) = judge({path: texts[path] + "cost: 900\n"}).warnings
    assert "never wins: no_gain" in warning.what


def test_an_audience_without_anybody(judge: Judge, texts: Texts) -> None:
    """A campaign whose audience nobody is in is told where the audience is written."""
    path = "strategy/campaigns/renewals.yml"
    base = judge({path: texts[path].replace("device_age_months >= 30", "device_age_months >= 3000")})
    assert [(each.place.file, each.what.split(" is in")[0][:9]) for each in base.warnings] == [
        (path, "nobody of")
    ]


def test_a_sample_is_the_first_households(judge: Judge) -> None:
    """A smaller sample looks at fewer households, always the same."""
    assert judge(sample=3).households == 3
    assert judge(sample=3) == judge(sample=3)


def test_profiles_of_other_features_are_not_looked_at(
    profiles: Profiles, catalogue: Catalogue, texts: Texts
) -> None:
    """A strategy that asks for what is not published yet is told to build first."""
    more = Catalogue.of([*catalogue, replace(next(iter(catalogue)), name="brand_new", type="number")])
    path = "strategy/actions/family_plan.yml"
    changed = texts[path].replace("household.mobile_lines >= 4", "household.brand_new >= 4")
    base = base_findings(strategy.compile(texts | {path: changed}, more), profiles, NOW)
    assert base.warnings == ()
    assert "run `hogar build`" in base.because

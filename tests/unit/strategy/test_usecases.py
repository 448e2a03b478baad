"""Use cases are read with their places, decide nothing, and claim no fallback that could not run."""

from __future__ import annotations

from pathlib import Path

import pytest

from hogar import build, strategy
from hogar.build.project import template_texts
from hogar.errors import Problem
from hogar.strategy.types import Strategy
from hogar.strategy.usecases import UseCase, read_usecases
from hogar.strategy.without import stopped_by
from hogar.telco.catalogue import Catalogue

PATH = "strategy/usecases/one.yml"
HEAD = "name: One\ngoal: to try\nowner: CVM\n"
Acme = tuple[dict[str, str | bytes], Strategy, Catalogue]


@pytest.fixture(scope="module")
def acme() -> Acme:
    """Acme's texts, compiled, and its catalogue."""
    project = Path(strategy.__file__).parents[1] / "templates" / "acme"
    catalogue = Catalogue.of([card.feature for card in build.describe(project).cards.values()])
    texts: dict[str, str | bytes] = {
        path: text for path, text in template_texts().items() if path.startswith("strategy/")
    }
    return texts, strategy.compile(texts, catalogue), catalogue


def read(acme: Acme, text: str) -> tuple[UseCase, list[Problem]]:
    """One use case of this text, and its problems."""
    found, problems = read_usecases({PATH: text}, acme[1], acme[2])
    return found[0], problems


def test_acme_s_own_are_right(acme: Acme) -> None:
    """Three use cases; actions come from campaigns and triggers too."""
    found, problems = read_usecases(acme[0], acme[1], acme[2])
    assert problems == []
    assert [one.key for one in found] == ["in_the_moment", "network_care", "renewals"]
    assert found[0].actions == (
        "roaming_2gb_week",
        "roaming_2gb_fortnight",
        "roaming_2gb_month",
        "plan_upgrade_m",
    )
    assert (found[2].scope, found[2].gates.coverage, found[2].gates.fresh_hours) == ("line", 0.8, 1080)


def test_they_are_no_part_of_a_strategy_s_name(acme: Acme) -> None:
    """With and without them, and whatever they say, the strategy is the same."""
    texts, compiled, catalogue = acme
    without = {path: text for path, text in texts.items() if strategy.decides(path)}
    assert len(without) < len(texts)
    assert strategy.strategy_hash(texts, catalogue) == strategy.strategy_hash(without, catalogue)
    assert strategy.compile(without, catalogue).hash == compiled.hash


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("actions: [renewal_handse]", "`renewal_handse` is not an action; did you mean `renewal_handset`?"),
        ("campaigns: [renewal]", "`renewal` is not a campaign; did you mean `renewals`?"),
        ("share: 2\nactions: [tv_basic]", f"{PATH}:4:8: `share` must be at most 1, not 2"),
        ("needs: [place_month.plac_id]", "`place_month.plac_id` is neither a feature nor a canonical table or column; "
         "did you mean `place_month.place_id`?"),
        ("actions: [tv_basic]\ngates: {each: {line.plann: 0.5}}", "did you mean `line.plan`?"),
        ("actions: [tv_basic]\namong: line.plan = 'MOB-S'",
         "`line.plan` is about a line, but use case `one` is about a household"),
        ("wave: 1", "use case `one` names neither actions nor needs"),
        ("actions: [churn_save]\nfallback: {without: [score.churn], because: it is new}",
         "`churn_save` cannot run without that: `score.churn > 0.25` is then never true"),
        ("actions: [churn_save]\nfallback: {without: [score.churn]}", "`fallback` has no `because`"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(acme: Acme, text: str, said: str) -> None:
    """Names that do not exist, bounds, scopes, and fallbacks that could not run."""
    problems = read(acme, f"{HEAD}{text}\n")[1]
    assert any(said in str(problem) for problem in problems), [str(problem) for problem in problems]


def test_only_yml_files_are_use_cases(acme: Acme) -> None:
    """A stray is a problem here as elsewhere."""
    found, problems = read_usecases({"strategy/usecases/x.txt": ""}, acme[1], acme[2])
    assert (found, len(problems)) == ((), 1)


@pytest.mark.parametrize(
    ("action", "lost", "why"),
    [
        ("renewal_handset", {"person.device_views_14d"}, "`person.device_views_14d >= 2` is then never true"),
        ("roaming_2gb_week", {"person.trip_days_usual"}, ""),  # the traveller may tell how long he stays
        ("roaming_2gb_week", {"action.saving_eur"}, "`action.saving_eur > 0` is then never true"),
        ("plan_downgrade", {"line.commitment_days_left"}, ""),  # `is null or` says that it may be unknown
        ("plan_downgrade", {"household.spend_eur"}, "`household.spend_eur"),
        ("family_plan", {"line.silent_days"}, ""),
        ("churn_save", {"score.churn"}, "`score.churn > 0.25` is then never true"),
    ],
)
def test_an_action_runs_without_what_it_does_not_need(
    acme: Acme, action: str, lost: set[str], why: str
) -> None:
    """NULL follows SQL: coalesce and `is null or` let an action run, a bare comparison does not."""
    found = next(one for one in acme[1].actions if one.key == action)
    said = stopped_by(found, frozenset(lost))
    assert said.startswith(why) if why else said == ""

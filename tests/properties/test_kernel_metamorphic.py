"""What must not change a decision does not, and what can only take away never adds."""

from __future__ import annotations

import itertools
from dataclasses import replace

import kernel_homes as homes
import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from kernel_homes import codes, subjects
from kernel_worlds import World, examples

from hogar import decide
from hogar.decide import Decision, Kernel
from hogar.decide.asked import asked_of
from hogar.decide.reasons import OUTRANKED, PROPOSED
from hogar.errors import Place
from hogar.strategy.calendar import CalendarEntry
from hogar.strategy.capacities import Capacity
from hogar.strategy.levers import TimedWeight
from hogar.strategy.season import ALWAYS
from hogar.strategy.types import Strategy, Suppression
from hogar.telco.profile import HouseholdProfile

SEEDS = st.integers(0, 2**32 - 1)


def said(kernel: Kernel, decision: Decision) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Every candidate's reason with its words and place; codes are numbers of one kernel only."""
    reasons = kernel.reasons
    return {
        candidate: (reasons[code].name, reasons[code].words, str(reasons[code].place))
        for candidate, code in codes(kernel, decision).items()
    }


def without_rules(world: World) -> World:
    policies = replace(world.strategy.policies, contact_rules=())
    world.strategy = replace(world.strategy, policies=policies)
    return world


@given(
    seed=SEEDS, per=st.sampled_from(["person", "household"]), kind=st.sampled_from(["contact", "impression"]),
    channels=st.sampled_from([("sms",), ("web", "app"), ("web", "app", "sms", "email", "call")]),
)  # fmt: skip
@examples(60)
def test_fewer_contacts_allowed_never_gives_more_proposals(
    seed: int, per: str, kind: str, channels: tuple[str, ...]
) -> None:
    """With one rule in force, lowering its limit step by step to 0 never raises a household's number of proposals."""
    world = without_rules(World(seed))
    rule = homes.rule("the_rule", 4, 30, per=per, kind=kind, channels=channels)
    policies = replace(world.strategy.policies, contact_rules=(rule,))
    strategy = replace(world.strategy, policies=policies)
    before = None
    for most in (4, 3, 2, 1, 0):
        kernel = decide.bind(homes.with_max(strategy, {"the_rule": most}), homes.SCHEMA)
        counts = [len(each.proposals) for each in kernel.decide(world.situation(kernel=kernel))]
        assert before is None or all(now <= then for now, then in zip(counts, before, strict=True))
        before = counts


@given(seed=SEEDS)
@examples(60)
def test_fewer_proposals_asked_for_are_the_first_of_more(seed: int) -> None:
    """Asking for one proposal less leaves out the last one and changes none of the others."""
    world = World(seed)
    more = world.kernel.decide(
        world.situation(request=msgspec.structs.replace(world.request, proposals_max=4))
    )
    for most in (3, 2, 1, 0):
        request = msgspec.structs.replace(world.request, proposals_max=most)
        fewer = world.kernel.decide(world.situation(request=request))
        for number in range(len(more)):
            assert fewer[number].proposals == more[number].proposals[:most]


def turned(home: HouseholdProfile, members: list[int], lines: list[int]) -> HouseholdProfile:
    """The household with members and lines in another order, positions moved along."""
    place = {old: new for new, old in enumerate(members)} | {-1: -1}
    return msgspec.structs.replace(
        home, payer=place[home.payer], advisers=tuple((place[at], who) for at, who in home.advisers),
        members=tuple(
            msgspec.structs.replace(home.members[old], payer=place[home.members[old].payer]) for old in members
        ),
        lines=tuple(
            msgspec.structs.replace(
                home.lines[old], user=place[home.lines[old].user], payer=place[home.lines[old].payer],
                holder=place[home.lines[old].holder],
            )
            for old in lines
        ),
    )  # fmt: skip


INTERESTS = {
    "household": "0.31",
    "person": "0.11 + coalesce(person.shade, 0.7) / 3",
    "line": "0.12 + coalesce(line.signal, 0.5) / 9",
}


def without_ties(world: World) -> World:
    """The same world, each subject's interest and each member's roles a little apart."""
    value = homes.parsed("50 + 40 * coalesce(household.distance, 0.123)")
    actions = tuple(
        replace(action, value=value, interest=homes.parsed(INTERESTS[action.scope]))
        for action in world.strategy.actions
    )
    world.strategy = replace(world.strategy, actions=actions)
    rng = np.random.default_rng(world.seed)
    world.homes = [
        msgspec.structs.replace(
            home,
            members=tuple(
                msgspec.structs.replace(
                    member, roles=tuple(rng.random(len(member.roles)).tolist()),
                    values=shaded(member.values, "person", "shade", rng.random()),
                )
                for member in home.members
            ),
            lines=tuple(
                msgspec.structs.replace(line, values=shaded(line.values, "line", "signal", rng.random()))
                for line in home.lines
            ),
        )
        for home in world.homes
    ]  # fmt: skip
    return world


def shaded(values: bytes, entity: str, name: str, value: float) -> bytes:
    numbers = np.frombuffer(values, "<f8").copy()
    position = [column.name for column in homes.SCHEMA.columns(entity)].index(f"{entity}.{name}")
    numbers[position] = value
    return numbers.tobytes()


@given(seed=SEEDS, data=st.data())
@examples(60)
def test_the_order_of_members_and_lines_never_matters(seed: int, data: st.DataObject) -> None:
    """However members and lines lie, the same is proposed to the same people, with the same reasons for the rest."""
    world = without_ties(World(seed, homes_max=3))
    expected = world.decisions()
    turned_homes, turned_counters, turned_audience = [], [], []
    audience = world.audience or [()] * len(world.homes)
    for home, contacts, invited in zip(world.homes, world.counters, audience, strict=True):
        members = data.draw(st.permutations(range(len(home.members))))
        lines = data.draw(st.permutations(range(len(home.lines))))
        turned_homes.append(turned(home, members, lines))
        turned_counters.append(
            tuple(msgspec.structs.replace(each, person=members.index(each.person)) for each in contacts)
        )
        turned_audience.append([members.index(position) for position in invited])
    world.homes, world.counters = turned_homes, turned_counters
    world.audience = world.audience and turned_audience
    for before, after in zip(expected, world.decisions(), strict=True):
        if tie_of_recipients(before):
            continue
        assert after.proposals == before.proposals
        assert codes(world.kernel, after) == codes(world.kernel, before)


def tie_of_recipients(decision: Decision) -> bool:
    """Whether a proposal needs nobody's yes: then every recipient is as good, and the first is taken."""
    return any(each.chain_micro == 1_000_000 for each in decision.proposals)


@given(seed=SEEDS, data=st.data())
@examples(60)
def test_the_order_of_actions_never_matters(seed: int, data: st.DataObject) -> None:
    """Without ties a strategy's actions may lie in any order: same proposals, same words for the rest."""
    world = without_ties(World(seed, homes_max=3))
    values = itertools.count(1)
    actions = tuple(
        replace(action, value=homes.parsed(f"{next(values)}.37 + 40 * coalesce(household.distance, 0.123)"))
        for action in world.strategy.actions
    )
    ordered = decide.bind(replace(world.strategy, actions=actions), homes.SCHEMA)
    shuffled = decide.bind(
        replace(world.strategy, actions=tuple(data.draw(st.permutations(actions)))), homes.SCHEMA
    )
    for one, other in zip(
        ordered.decide(world.situation(kernel=ordered)),
        shuffled.decide(world.situation(kernel=shuffled)),
        strict=True,
    ):
        assert one.proposals == other.proposals
        assert said(ordered, one) == said(shuffled, other)


@given(seed=SEEDS, scope=st.sampled_from(["household", "person", "line"]))
@examples(50)
def test_an_ineligible_action_changes_nothing_but_its_own_codes(seed: int, scope: str) -> None:
    """One more action that is never eligible leaves every proposal and every other reason as it was."""
    world = World(seed)
    never = homes.action("action-05b", "household.spend < -1 and household.spend > 1", scope=scope)
    actions = sorted((*world.strategy.actions, never), key=lambda each: each.key)
    kernel = decide.bind(replace(world.strategy, actions=tuple(actions)), homes.SCHEMA)
    decisions = kernel.decide(world.situation(kernel=kernel))
    for before, after in zip(world.decisions(), decisions, strict=True):
        assert after.proposals == before.proposals
        others = {key: why for key, why in said(kernel, after).items() if key[0] != never.key}
        assert others == said(world.kernel, before)
        assert all(code != 0 for (key, _), code in codes(kernel, after).items() if key == never.key)


@given(seed=SEEDS)
@examples(80)
def test_money_adds_up(seed: int) -> None:
    """A score is probability x value x weight less the cost of action and message; proposals come best first."""
    world = World(seed)
    by_key = {action.key: action for action in world.strategy.actions}
    weights = dict(zip(by_key, asked_of(world.kernel, world.situation()).weight.tolist(), strict=True))
    for decision in world.decisions():
        scores = [each.score_microcents for each in decision.proposals]
        assert scores == sorted(scores, reverse=True)
        for each in decision.proposals:
            weight = weights[each.action]
            message = world.strategy.policies.channels[each.channel].cost_cents
            assert each.cost_cents == by_key[each.action].cost_cents + message
            worth = each.probability_micro * each.value_cents * weight // 1000
            assert each.score_microcents == worth - each.cost_cents * 1_000_000
            assert each.score_microcents > 0
            product = each.interest_micro * each.chain_micro * each.reach_micro / 1e12
            assert abs(each.probability_micro - product) <= 2


@given(seed=SEEDS)
@examples(80)
def test_every_candidate_has_a_code_and_words(seed: int) -> None:
    """Code 0 stands exactly where something is proposed; `explain` has a reason for each of the rest, with a place
    where a person wrote it."""
    world = World(seed)
    policies = world.kernel.strategy.policies
    wrote = {
        "suppressed",
        "calendar",
        "capacity",
        "not_in_season",
        *(rule.name for rule in policies.contact_rules),
    }
    for decision in world.decisions():
        found = codes(world.kernel, decision)
        scopes = {action.key: action.scope for action in world.strategy.actions}
        assert set(found) == {(k, s) for k, scope in scopes.items() for s in subjects(decision)[scope]}
        chosen = [(each.action, each.subject) for each in decision.proposals]
        assert {key for key, code in found.items() if code == 0} == set(chosen)
        assert len({key for key, _ in chosen}) == len(chosen)
        explained = decide.explain(world.kernel, decision)
        assert explained.proposals == decision.proposals
        listed = {(each.action, each.subject) for each in explained.excluded}
        assert len(listed) + explained.not_asked + len(chosen) == len(found)
        for each in explained.excluded:
            assert each.reason != "unnamed"
            assert each.because
            assert each.stage in {stage.__name__ for stage in decide.STAGES}
            is_written = each.stage == "eligibility" or each.reason in wrote
            assert bool(each.source) == is_written


@given(seed=SEEDS)
@examples(80)
def test_no_contact_rule_is_ever_exceeded(seed: int) -> None:
    """Past contacts and new proposals together never pass a rule's limit, unless the past alone already has."""
    world = World(seed)
    classes = {action.key: action.message_class for action in world.strategy.actions}
    inbound = {"web", "app", "call_centre", "shop"}
    for home, contacts, decision in zip(world.homes, world.counters, world.decisions(), strict=True):
        ids = [member.id for member in home.members]
        for rule in world.strategy.policies.contact_rules:
            past = [
                each.person
                for each in contacts
                if each.kind == rule.kind and each.days_ago < rule.days
                if each.channel in rule.channels and each.message_class in rule.message_classes
            ]  # fmt: skip
            new = [
                ids.index(each.recipient)
                for each in decision.proposals
                if each.channel in rule.channels and classes[each.action] in rule.message_classes
                if (rule.kind == "impression") == (each.channel in inbound)
            ]
            for group in [range(len(ids))] if rule.per == "household" else [[n] for n in range(len(ids))]:
                added = sum(person in group for person in new)
                assert not added or sum(person in group for person in past) + added <= rule.max


PLACE = Place(file="strategy/policies.yml", line=40)
EVERYTHING = ("sms", "email", "push", "mail", "call")


def left_over(world: World, strategy: Strategy, request: decide.Request) -> list[set[tuple[str, str]]]:
    """For each household the candidates that could be proposed: they are, or something else is worth more."""
    kernel = decide.bind(strategy, homes.SCHEMA)
    situation = world.situation(kernel=kernel, request=request)
    return [
        {key for key, code in codes(kernel, each).items() if code in (PROPOSED, OUTRANKED)}
        for each in kernel.decide(situation)
    ]


@given(seed=SEEDS, number=st.integers(0, 11))
@examples(60)
def test_what_holds_back_only_takes_away(seed: int, number: int) -> None:
    """A suppression, a calendar entry or a full capacity more never lets a candidate through that fell before."""
    world = World(seed)
    key = world.strategy.actions[number % len(world.strategy.actions)].key
    policies, request = world.strategy.policies, world.request
    suppression = Suppression(
        name="asleep", actions=(key,), offerings=(), purposes=(), season=ALWAYS, when=None, for_all=True, because="-",
        place=PLACE,
    )  # fmt: skip
    entry = CalendarEntry(
        name="silent", season=ALWAYS, channels=EVERYTHING, purposes=(), actions=(key,),
        message_classes=("marketing", "service"), because="-", place=PLACE,
    )  # fmt: skip
    capacity = Capacity(name="none", channels=EVERYTHING, actions=(key,), max=0, days=1.0, place=PLACE)
    full = msgspec.structs.replace(request, full_capacities=(*request.full_capacities, "none"))
    before = left_over(world, world.strategy, request)
    for more, asked in (
        (replace(policies, suppressions=(suppression, *policies.suppressions)), request),
        (replace(policies, calendar=(entry, *policies.calendar)), request),
        (replace(policies, capacities=(capacity, *policies.capacities)), full),
    ):
        after = left_over(world, replace(world.strategy, policies=more), asked)
        assert all(now <= then for now, then in zip(after, before, strict=True))
        if "web" not in request.channels and "app" not in request.channels:
            assert not any(key == action for each in after for action, _ in each)


@given(seed=SEEDS, number=st.integers(0, 11))
@examples(60)
def test_a_lever_of_zero_never_wins(seed: int, number: int) -> None:
    """An action whose lever is 0 today is never proposed, and nothing else falls because of it."""
    world = World(seed)
    at = number % len(world.strategy.actions)
    actions = list(world.strategy.actions)
    actions[at] = replace(actions[at], timed=(*actions[at].timed, TimedWeight(season=ALWAYS, weight=0)))
    before = left_over(world, world.strategy, world.request)
    after = left_over(world, replace(world.strategy, actions=tuple(actions)), world.request)
    for now, then in zip(after, before, strict=True):
        assert now == {candidate for candidate in then if candidate[0] != actions[at].key}

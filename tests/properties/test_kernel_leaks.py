"""What one member did cannot be told from what another is offered, for whatever strategy (the leak guard).

`World(seed)` is a random strategy with labels as the compiler gives them; B's private data is changed at random:
what is labelled `person` of B and of the lines that B uses, and what is labelled `payer` of what B pays.
"""

from __future__ import annotations

from collections.abc import Iterator

import kernel_homes as homes
import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from kernel_homes import codes
from kernel_worlds import World, examples

from hogar.decide import Decision
from hogar.telco.catalogue import Entity
from hogar.telco.profile import HouseholdProfile

SEEDS = st.integers(0, 2**32 - 1)


def perturbed(home: HouseholdProfile, who: int, rng: np.random.Generator) -> HouseholdProfile:
    """The household with the private data of one member drawn anew."""

    def drawn(entity: Entity, values: bytes, labels: set[str]) -> bytes:
        numbers = np.frombuffer(values, "<f8").copy()
        for position, column in enumerate(homes.columns(entity)):
            kind, whose, texts = homes.FEATURES[column.name]
            if column.name == "household.payers":  # who pays is a fact about them all
                continue
            if whose in labels and rng.random() < 0.8:
                numbers[position] = {
                    "text": rng.integers(0, max(len(texts), 1)),
                    "boolean": rng.integers(0, 2),
                    "number": round(10 * rng.random(), 1),
                    "date": rng.integers(15_000, 20_600),
                }[kind]
                if rng.random() < 0.1:
                    numbers[position] = np.nan
        return numbers.tobytes()

    def labels(user: int, payer: int) -> set[str]:
        return ({"person"} if user == who else set()) | ({"payer"} if payer == who else set())

    return msgspec.structs.replace(
        home,
        values=drawn("household", home.values, {"payer"} if home.payer == who else set()),
        members=tuple(
            msgspec.structs.replace(each, values=drawn("person", each.values, labels(place, each.payer)))
            for place, each in enumerate(home.members)
        ),
        lines=tuple(
            msgspec.structs.replace(each, values=drawn("line", each.values, labels(each.user, each.payer)))
            for each in home.lines
        ),
    )


def couples(world: World) -> Iterator[tuple[int, int, int]]:
    """(household, A, B) for two members of each household that has two."""
    for number, home in enumerate(world.homes):
        if len(home.members) > 1:
            first, second = world.rng.permutation(len(home.members))[:2].tolist()
            yield number, first, second


def own_codes(
    world: World, home: HouseholdProfile, decision: Decision, who: int, other: int
) -> dict[tuple[str, str], int]:
    """The codes of the member's own candidates, of the member and of lines used, where the other does not pay."""
    if other in (home.payer, home.members[who].payer):
        return {}  # what the other pays is part of every question about it
    mine = {home.members[who].id}
    mine |= {line.id for line in home.lines if line.user == who and line.payer != other}
    return {key: code for key, code in codes(world.kernel, decision).items() if key[1] in mine}


@given(seed=SEEDS)
@examples(200)
def test_what_is_offered_to_one_says_nothing_of_another(seed: int) -> None:
    """A, in front of us, is offered the same with the same scores and told the same reasons, whatever B did."""
    world = World(seed, homes_max=3)
    for number, a, b in list(couples(world)):
        home = world.homes[number]
        world.request = msgspec.structs.replace(world.request, recipient=home.members[a].id, proposals_max=10)
        before = world.decisions([number])[0]
        for _ in range(3):
            world.homes[number] = perturbed(home, b, world.rng)
            after = world.decisions([number])[0]
            assert after.proposals == before.proposals
            assert own_codes(world, home, after, a, b) == own_codes(world, home, before, a, b)
        world.homes[number] = home


@given(seed=SEEDS)
@examples(150)
def test_beside_others_one_is_offered_the_first_of_what_one_alone_is(seed: int) -> None:
    """Whatever the others are offered, to each member goes the beginning of what would go to that one alone: others
    may bring silence, but never something else instead. Where nothing rests on anybody's data there is no secret."""
    world = World(seed, homes_max=3)
    if all(action.needs <= {"nobody"} for action in world.strategy.actions):
        return
    for number, home in enumerate(world.homes):
        together = world.decisions([number])[0]
        for member in home.members:
            asked = msgspec.structs.replace(world.request, recipient=member.id, proposals_max=10)
            alone = world.kernel.decide(world.situation([number], request=asked))[0].proposals
            offered = tuple(each for each in together.proposals if each.recipient == member.id)
            assert offered == alone[: len(offered)]


@given(seed=SEEDS)
@examples(150)
def test_nobody_is_offered_what_rests_on_another(seed: int) -> None:
    """Every proposal that rests on private data goes to its person, on contract facts to its sole payer, on an
    aggregate to somebody beside at least three other adults; none to a minor or about a minor's private data."""
    world = World(seed)
    for home, decision in zip(world.homes, world.decisions(), strict=True):
        ids = [member.id for member in home.members]
        lines = {line.id: line for line in home.lines}
        by_key = {action.key: action for action in world.strategy.actions}
        for each in decision.proposals:
            action, recipient = by_key[each.action], ids.index(each.recipient)
            if each.scope == "line":
                user, payer = lines[each.subject].user, lines[each.subject].payer
            elif each.scope == "person":
                user = ids.index(each.subject)
                payer = home.members[user].payer
            else:
                user, payer = (0 if len(ids) == 1 else -1), home.payer
            member = home.members[recipient]
            assert member.minor is not True
            if "person" in action.needs:
                assert recipient == user
            if "payer" in action.needs:
                assert recipient == payer
            if "aggregate" in action.needs:
                others = [each for each in home.members if each is not member and each.minor is False]
                assert len(others) >= 3
            if member.minor is None:
                assert not action.needs & {"person", "aggregate"}
            if action.message_class == "marketing":
                assert not member.objects
            if recipient != user:
                assert member.membership >= world.strategy.policies.membership_min

"""Who is looked at? The members of a household for whom a campaign's audience holds, before any exclusion.

Reads one household's profile. An audience that names a line's facts holds for a person when it holds for a line that
the person uses. NULL does not hold. Before: `campaigns` walks the households. After: `attribution`.
"""

from __future__ import annotations

from collections.abc import Callable

from hogar import expr
from hogar.runtime.engine import Published
from hogar.runtime.values import Subject
from hogar.strategy.types import Campaign
from hogar.telco.profile import HouseholdProfile, LineProfile, MemberProfile

Audience = Callable[[HouseholdProfile], tuple[int, ...]]
"""A household's members, as positions, that are in the audience."""


def audience_of(published: Published, campaign: Campaign) -> Audience:
    """How to tell who is in a campaign's audience; without an expression it is everybody."""
    if campaign.audience is None:
        return lambda household: tuple(range(len(household.members)))
    names = tuple(sorted(campaign.audience.names))
    holds = expr.row(campaign.audience, {name: position for position, name in enumerate(names)})
    read = tuple(published.getters(names).values())
    of_line = any(column.name in campaign.audience.names for column in published.kernel.schema.line) or any(
        name.startswith("line.") for name in names
    )

    def is_in(household: HouseholdProfile, member: MemberProfile, line: LineProfile | None) -> bool:
        subject = Subject(household=household, member=member, line=line)
        return holds([get(subject) for get in read]) is True

    def audience(household: HouseholdProfile) -> tuple[int, ...]:
        found = []
        for position, member in enumerate(household.members):
            lines = [line for line in household.lines if line.user == position] if of_line else [None]
            if any(is_in(household, member, line) for line in lines):
                found.append(position)
        return tuple(found)

    return audience

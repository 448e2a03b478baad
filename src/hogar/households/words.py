"""Why is this a household, in words? Takes an explanation; gives lines for people, without anybody's private detail."""

from __future__ import annotations

from hogar.households.explain import HouseholdExplanation, Link, Member

STATED_MIN = 0.5  # what is less likely is an abstention
EDGES = {"payer": "has lines that are paid from", "time_shared": "likely lives by turns in"}


def words(household: HouseholdExplanation) -> list[str]:
    """One line a fact: members with their roles, each link's evidence as a sum, the nearest one outside."""
    count = len(household.members)
    lines = [f"household {household.household_id}: {count} member{'s' * (count != 1)}"]
    lines += [
        f"  {member.person_id}  sure to {member.probability:.0%}  {_roles(member)}"
        for member in household.members
    ]
    for link in household.links:
        lines += [
            "",
            f"{link.person_a} and {link.person_b}: {link.probability:.1%} to live together",
            *_terms(link),
        ]
    nearest = household.nearest_outside
    if nearest is not None:
        lines += [
            "",
            f"nearest outside: {nearest.person_a} and {nearest.person_b}, {nearest.probability:.1%}",
            f"  {nearest.person_id} of {nearest.household_id} is no member: {nearest.why}",
            *_terms(nearest),
        ]
    if household.kept_apart:
        lines.append("")
    for apart in household.kept_apart:
        lines.append(
            f"kept apart: {apart.person_id} and {apart.other_person_id} of {apart.other_household_id}, "
            f"{apart.because}"
        )
    if household.edges:
        lines.append("")
    for edge in household.edges:
        lines.append(f"{edge.person_id} {EDGES[edge.kind]} {edge.household_id} ({edge.probability:.0%})")
    return lines


def _roles(member: Member) -> str:
    """The roles that are stated and the type that they make; why there is none is not told."""
    stated = ", ".join(
        f"{role.role} {role.probability:.0%} ({role.source})"
        for role in member.roles
        if role.probability >= STATED_MIN
    )
    if not stated:
        return "no role is inferred"
    profile = f"profile {member.profile_type.replace('_', ' ')}; " if member.profile_type else ""
    return f"{profile}roles: {stated}"


def _terms(link: Link) -> list[str]:
    return [
        *(f"  {term.log_odds:+6.2f}  {term.kind}: {term.words}" for term in link.terms),
        f"  {link.log_odds:+6.2f}  together",
    ]

"""How would this person read it? The words of an action with a person's own published values, before it is published.

Reads the live profiles and an action that need not be live; decides and writes nothing. Whether the person would get
it at all is the kernel's to say. Neighbour: `strategy.preview` has example values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hogar.decide import Request
from hogar.decide.decisions import treatment_for
from hogar.errors import UsageError
from hogar.runtime.engine import Live
from hogar.runtime.gather import locate
from hogar.runtime.values import Subject, getters
from hogar.runtime.words import shown
from hogar.strategy.preview import Value
from hogar.strategy.types import Action, Treatment
from hogar.telco.channels import CHANNELS
from hogar.telco.profile import HouseholdProfile, LineProfile, MemberProfile
from hogar.telco.roles import ROLES


@dataclass(frozen=True, kw_only=True, eq=False)
class Reader:
    """Somebody who reads: the household, the member, and the line that a line's action would be about."""

    live: Live
    household: HouseholdProfile
    member: MemberProfile
    line: LineProfile | None

    @staticmethod
    def of(live: Live, person: str) -> Reader:
        """The reader with this person id. Raises UnknownSubject."""
        household, member = locate(live, person=person)
        position = household.members.index(member)
        lines = [line for line in household.lines if line.user == position]
        lines += [line for line in household.lines if line.payer == position]
        return Reader(live=live, household=household, member=member, line=lines[0] if lines else None)

    def treatments(self, action: Action, *, language: str = "", role: str = "") -> list[Treatment]:
        """For each channel the words that this person would get, or those in this language or for this role."""
        roles: Mapping[str, float] = {role: 1.0} if role else dict(zip(ROLES, self.member.roles, strict=True))
        spoken = {treatment.channel for treatment in action.treatments}
        return [
            treatment_for(action, channel, language or self.member.language, roles)
            for channel in CHANNELS
            if channel in spoken
        ]

    def values(self, action: Action, treatment: Treatment, examples: Mapping[str, Value]) -> dict[str, Value]:
        """The person's own values of what a text says; of the event and the context those given as examples."""
        line = self.line if action.scope == "line" else None
        if action.scope == "line" and line is None:
            raise UsageError(
                f"`{action.key}` is about a line, and {self.member.id} neither uses nor pays one"
            )
        member = self.member
        if line is not None:
            member = self.household.members[line.user] if line.user >= 0 else self.member
        request = Request(
            channels=(treatment.channel,),
            event={
                name.partition(".")[2]: value for name, value in examples.items() if name.startswith("event.")
            },
            context={
                name.partition(".")[2]: str(value)
                for name, value in examples.items()
                if name.startswith("context.")
            },
        )
        subject = Subject(household=self.household, member=member, line=line, request=request)
        read = getters(self.live.published.kernel.schema, treatment.names, action)
        return {name: shown(self.live.published, name, get(subject)) for name, get in read.items()}

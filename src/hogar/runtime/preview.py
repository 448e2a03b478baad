"""How would this person read it, and would he get it at all? An action's words with a person's own published values.

Reads the live profiles and a strategy that need not be live; asks the kernel for the action alone and writes nothing.
Neighbour: `strategy.preview` has example values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from hogar.decide import STAGES, Request, explain
from hogar.decide.decisions import treatment_for
from hogar.errors import UsageError
from hogar.runtime.engine import Engine, Live, Published
from hogar.runtime.gather import gather, locate
from hogar.runtime.values import Subject, getters
from hogar.runtime.words import shown
from hogar.strategy.preview import Value
from hogar.strategy.types import Action, Strategy, Treatment
from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS, OUTBOUND_CHANNELS
from hogar.telco.profile import HouseholdProfile, LineProfile, MemberProfile
from hogar.telco.roles import ROLES

_STAGES = [stage.__name__ for stage in STAGES]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the kernel says of the action for one subject: `stage` is how far it came, `because` why it fell there."""

    subject: str
    qualifies: bool
    stage: int
    because: str
    source: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Reader:
    """Somebody who reads: the household, the member, the lines that a line's action could be about, the best first.

    `verdicts` are what the kernel says of the action for this person: proposed, or why not, for each subject.
    """

    live: Live
    household: HouseholdProfile
    member: MemberProfile
    lines: tuple[LineProfile, ...]
    verdicts: tuple[Verdict, ...] = ()

    @staticmethod
    def of(
        engine: Engine, strategy: Strategy, action: Action, person: str, examples: Mapping[str, Value]
    ) -> Reader:
        """The reader with this person id, under a strategy that need not be published. Raises UnknownSubject."""
        live = engine.live()
        nobody = replace(strategy, policies=replace(strategy.policies, control_permille=0))
        live = replace(live, published=Published.of(nobody, live.profiles))
        household, member = locate(live, person=person)
        position = household.members.index(member)
        lines = [line for line in household.lines if line.user == position]
        lines += [line for line in household.lines if line.payer == position and line.user != position]
        verdicts = _verdicts(engine, live, household, member, action, examples)
        rank = {one.subject: (not one.qualifies, -one.stage) for one in verdicts}
        lines.sort(key=lambda line: rank.get(line.id, (True, 1)))
        about = {"line": {line.id for line in lines}, "person": {member.id}, "household": {household.id}}[
            action.scope
        ]
        return Reader(
            live=live, household=household, member=member, lines=tuple(lines),
            verdicts=tuple(one for one in verdicts if one.subject in about),
        )  # fmt: skip

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
        line = self.lines[0] if action.scope == "line" and self.lines else None
        if action.scope == "line" and line is None:
            raise UsageError(
                f"`{action.key}` is about a line, and {self.member.id} neither uses nor pays one"
            )
        member = self.member
        if line is not None:
            member = self.household.members[line.user] if line.user >= 0 else self.member
        request = Request(
            channels=(treatment.channel,), event=_of(examples, "event"), context=_texts_of(examples)
        )
        subject = Subject(household=self.household, member=member, line=line, request=request)
        read = getters(self.live.published.kernel.schema, treatment.names, action)
        return {name: shown(self.live.published, name, get(subject)) for name, get in read.items()}


def _verdicts(
    engine: Engine,
    live: Live,
    household: HouseholdProfile,
    member: MemberProfile,
    action: Action,
    examples: Mapping[str, Value],
) -> list[Verdict]:
    """The action alone, asked for this person; nobody is in a control group for it, and nothing is written."""
    mode = "inbound" if "inbound" in action.modes else action.modes[0]
    door = INBOUND_CHANNELS if mode == "inbound" else OUTBOUND_CHANNELS
    spoken = {treatment.channel for treatment in action.treatments}
    request = Request(
        channels=tuple(channel for channel in door if channel in spoken),
        recipient=member.id if mode == "inbound" else None,
        actions=(action.key,),
        event=_of(examples, "event"),
        context=_texts_of(examples),
    )
    gathered = gather(engine, live, [household], mode=mode, request=request, now=engine.clock())
    explained = explain(live.kernel, live.kernel.decide(gathered.situation)[0])
    found = [
        Verdict(subject=one.subject, qualifies=True, stage=len(_STAGES), because="", source="")
        for one in explained.proposals
    ]
    return found + [
        Verdict(
            subject=one.subject, qualifies=False, stage=0 if one.reason == "deliverable" else _STAGES.index(one.stage),
            because=one.because, source=one.source,
        )
        for one in explained.excluded
        if one.action == action.key
    ]  # fmt: skip


def _of(examples: Mapping[str, Value], namespace: str) -> dict[str, Value]:
    """The example values of one namespace, by the names behind its point."""
    return {
        name.partition(".")[2]: value
        for name, value in examples.items()
        if name.partition(".")[0] == namespace
    }


def _texts_of(examples: Mapping[str, Value]) -> dict[str, str]:
    return {name: str(value) for name, value in _of(examples, "context").items()}

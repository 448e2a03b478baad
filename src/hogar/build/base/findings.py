"""Who of the customers we have would ever hear each action? Findings that only the published base can show.

Decides for the published households, the first ones by id, with the kernel that is used in earnest: inbound in every
channel, for whoever is in front of us, with every reason that the strategy asks about, and for each campaign's
audience. Says which actions never qualify and which condition stops them, and which qualify but never win and who
wins instead. Nobody is in the control group here and nobody has been contacted. What waits for an event cannot be
judged: there is none. Writes nothing; uses no chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice, product

import numpy as np

from hogar.build.base.tally import Tally
from hogar.build.base.verdicts import verdicts, warned
from hogar.build.work import Progress
from hogar.decide import BindingError, Decisions, Request, Situation
from hogar.errors import Problem
from hogar.expr.nodes import Constant, In, Name, Node, walk
from hogar.runtime.audience import audience_of
from hogar.runtime.campaigns import WAIT_MINUTES_MAX
from hogar.runtime.engine import Published
from hogar.stores.profiles import Profiles
from hogar.strategy.types import Action, Campaign, Strategy
from hogar.telco.channels import INBOUND_CHANNELS
from hogar.telco.profile import HouseholdProfile

SAMPLE = 20_000
"""Households that are looked at unless another number is asked for."""

CHUNK = 2048
IN_FRONT_MAX = 8  # members of a household that are taken for the one in front of us, one after the other
REASONS_MAX = 16
NOON = 12 * 60


@dataclass(frozen=True, kw_only=True)
class Base:
    """What the base showed: how much was looked at, the findings, and the actions that could not be judged."""

    households: int = 0
    warnings: tuple[Problem, ...] = ()
    unjudged: tuple[str, ...] = ()
    because: str = ""


def base_findings(
    strategy: Strategy,
    profiles: Profiles,
    now: datetime,
    sample: int = SAMPLE,
    progress: Progress = lambda _: None,
) -> Base:
    """The findings over the first `sample` households; none, with `because`, where the profiles do not fit."""
    try:
        published = Published.of(strategy.without_control_group(), profiles)
    except BindingError as error:
        return Base(because=str(error))
    unjudged = {action.key for action in strategy.actions if _waits(action, published)}
    look = _Look(published, now, sample, unjudged)
    look.everything(progress)
    look.closer()
    found = look.without_audience()
    found += verdicts(published, look.tally, unjudged)
    return Base(
        households=min(sample, profiles.count),
        warnings=tuple(sorted(found)),
        unjudged=tuple(sorted(unjudged)),
    )


def _waits(action: Action, published: Published) -> bool:
    """Whether an action asks for what only a moment brings: an event, or a counter that is kept live."""
    live = {counter.full_name for counter in published.kernel.schema.live}
    names = {name for condition in action.conditions for name in condition.expression.names}
    names |= action.interest.names | action.value.names
    return set(action.modes) == {"triggered"} or any(
        name.startswith("event.") or name in live for name in names
    )


class _Look:
    """The base, gone through as often as there are questions; `tally` is what they came to."""

    def __init__(self, published: Published, now: datetime, sample: int, unjudged: set[str]) -> None:
        self.published, self.kernel, self.now, self.sample = published, published.kernel, now, sample
        self.strategy = published.kernel.strategy
        self.judged = {n for n, action in enumerate(self.strategy.actions) if action.key not in unjudged}
        self.channels = [name for name in INBOUND_CHANNELS if name in self.strategy.policies.channels]
        self.tally = Tally(self.kernel)
        self.spoken: set[str] = set()  # campaigns that have an audience

    def everything(self, progress: Progress) -> None:
        """Every household once: in every inbound channel, with every reason that a condition asks for, and for every
        campaign in whose audience somebody is."""
        conditions = [c.expression.node for action in self.strategy.actions for c in action.conditions]
        requests = self._requests(conditions)
        audiences = [(each, audience_of(self.published, each)) for each in self.strategy.campaigns]
        done = 0
        for chunk in self._chunks():
            progress(f"decided for {done:,} of {self._sampled():,} households")
            done += len(chunk)
            situation = self._situation(chunk)
            for number, request in enumerate(requests):
                self.tally.add(self._decided(situation, request), "" if number else "inbound")
            for campaign, audience in audiences:
                self._campaign(campaign, [(home, some) for home in chunk if (some := audience(home))])

    def without_audience(self) -> list[Problem]:
        """A finding for each campaign in whose audience nobody is."""
        found = []
        for campaign in self.strategy.campaigns:
            if campaign.name not in self.spoken and self.published.profiles.count:
                what = f"nobody of {self._sampled():,} households is in the audience of campaign `{campaign.name}`"
                place = campaign.audience.place if campaign.audience else campaign.place
                found.append(warned(place, what, "see which of its conditions was meant otherwise"))
        return found

    def closer(self) -> None:
        """Where somebody qualifies for what nobody was proposed, decide again: with each member in turn in front of
        us, and with every reason that changes what an action is worth."""
        worth = [node for a in self.strategy.actions for node in (a.interest.node, a.value.node)]
        requests = self._requests(worth)
        open_ = self._open()
        for chunk in self._chunks() if requests and open_ else ():
            first = self._decided(self._situation(chunk), requests[0])
            qualifying = [chunk[number] for number in self.tally.qualifying(first, open_)]
            if qualifying:
                self._one_by_one(qualifying, requests)
                open_ = self._open()
            if not open_:
                return

    def _one_by_one(self, households: Sequence[HouseholdProfile], requests: Sequence[Request]) -> None:
        situation = self._situation(households)
        most = min(max(len(household.members) for household in households), IN_FRONT_MAX)
        sizes = np.diff(situation.person_start)
        for place, request in product(range(most), requests):
            in_front = np.zeros(len(situation.person_ids), dtype=np.bool_)
            in_front[(situation.person_start[:-1] + place)[place < sizes]] = True
            self.tally.add(self._decided(replace(situation, in_front=in_front), request))

    def _requests(self, nodes: Sequence[Node]) -> list[Request]:
        """Each inbound channel, without a reason and with each of those that expressions ask for."""
        return [
            _request(channel, reason) for reason, channel in product((None, *_reasons(nodes)), self.channels)
        ]

    def _campaign(
        self, campaign: Campaign, members: Sequence[tuple[HouseholdProfile, tuple[int, ...]]]
    ) -> None:
        """Decide for the households of a chunk that have somebody in the audience."""
        if not members:
            return
        self.spoken.add(campaign.name)
        request = Request(
            channels=campaign.channels, actions=campaign.actions, context={"campaign": campaign.name},
            wait_minutes_max=WAIT_MINUTES_MAX,
        )  # fmt: skip
        situation = self._situation([home for home, _ in members], audience=[some for _, some in members])
        decisions = self._decided(replace(situation, mode="campaign"), request)
        self.tally.add(decisions, f"campaign {campaign.name}")

    def _open(self) -> set[int]:
        """The actions that somebody qualifies for and nobody is proposed."""
        fares = self.tally.fares
        return {number for number in self.judged if fares[number].qualified and not fares[number].proposed}

    def _chunks(self) -> Iterator[list[HouseholdProfile]]:
        households = islice(self.published.profiles.households(), self.sample)
        while chunk := list(islice(households, CHUNK)):
            yield chunk

    def _sampled(self) -> int:
        return min(self.sample, self.published.profiles.count)

    def _decided(self, situation: Situation, request: Request) -> Decisions:
        return self.kernel.decide(replace(situation, request=request))

    def _situation(
        self, households: Sequence[HouseholdProfile], audience: Sequence[tuple[int, ...]] | None = None
    ) -> Situation:
        return Situation.of(
            self.kernel, households, mode="inbound", now=self.now, local_minute=NOON, local_weekday=self.now.weekday(),
            counters=((),) * len(households), request=Request(channels=()), audience=audience,
        )  # fmt: skip


def _request(channel: str, reason: str | None) -> Request:
    return Request(channels=(channel,), context={"channel": channel} | ({"reason": reason} if reason else {}))


def _reasons(nodes: Sequence[Node]) -> list[str]:
    """The reasons for which expressions ask: the texts beside `context.reason`."""
    found: set[str] = set()
    for node in nodes:
        for part in walk(node):
            if any(isinstance(arg, Name) and arg.name == "context.reason" for arg in part.args):
                texts = part.options if isinstance(part, In) else ()
                found |= {text for text in texts if isinstance(text, str)}
                found |= {a.value for a in part.args if isinstance(a, Constant) and isinstance(a.value, str)}
    return sorted(found)[:REASONS_MAX]

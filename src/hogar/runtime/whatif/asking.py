"""What is asked of both strategies? The question of a comparison as requests to the kernel.

Reads what is live (stops, capacities) and a strategy's campaigns and triggers; decides nothing. Before: `comparison`.
After: `task` asks it of every household.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from hogar.decide import Request
from hogar.errors import UsageError, did_you_mean
from hogar.runtime.audience import Audience, audience_of
from hogar.runtime.campaigns import WAIT_MINUTES_MAX
from hogar.runtime.capacities import full, left
from hogar.runtime.engine import Engine, Live
from hogar.runtime.gather import Recorded
from hogar.runtime.whatif.counts import Side
from hogar.strategy.types import Campaign, Strategy
from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS, OUTBOUND_CHANNELS, Mode


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared: in which mode, through which channels (none: all of the mode), for which campaign.

    `by` are features to split by (None: a sensible few); `sample` is about how many households to look at, or how many
    of the newest recorded events.
    """

    mode: Mode = "campaign"
    channels: tuple[str, ...] = ()
    campaign: str | None = None
    by: tuple[str, ...] | None = None
    sample: int | None = None


def with_channels(question: Question, strategies: Sequence[Strategy]) -> Question:
    """The question with its channels. Raises UsageError where one does not fit the mode, or for an unknown campaign."""
    mode = question.mode
    possible = INBOUND_CHANNELS if mode == "inbound" else OUTBOUND_CHANNELS
    spoken = {name for one in strategies for name in one.policies.channels}
    there = [name for name in CHANNELS if name in possible and name in spoken]
    for name in question.channels:
        if name not in there:
            cure = did_you_mean(name, there)
            words = f"--channel {name}: not a channel of mode {mode} here"
            raise UsageError(words + (f"; {cure}" if cure else ""))
    if question.campaign is not None:
        if mode != "campaign":
            raise UsageError("--campaign goes with --mode campaign")
        names = sorted({campaign.name for one in strategies for campaign in one.campaigns})
        if question.campaign not in names:
            cure = did_you_mean(question.campaign, names)
            raise UsageError(f"there is no campaign `{question.campaign}`" + (f"; {cure}" if cure else ""))
    if not there:
        raise UsageError(f"no channel of mode {mode} is in strategy/policies.yml")
    channels = tuple(name for name in there if name in question.channels) or tuple(there)
    return msgspec.structs.replace(question, channels=channels)


@dataclass(frozen=True, kw_only=True, eq=False)
class Asking:
    """One strategy, and what is asked of it: a request for each time that a household is looked at."""

    live: Live
    side: Side
    question: Question
    requests: tuple[Request, ...]
    campaign: Campaign | None
    audience: Audience | None

    @staticmethod
    def of(engine: Engine, live: Live, keys: Sequence[str], question: Question, now: datetime) -> Asking:
        """The question as this strategy is asked; `keys` are the actions of both."""
        found = {campaign.name: campaign for campaign in live.kernel.strategy.campaigns}
        campaign = None if question.campaign is None else found.get(question.campaign)
        requests = tuple(
            msgspec.structs.replace(
                request, stopped_actions=live.stop.actions, stopped_channels=live.stop.stopped_channels,
                full_capacities=full(left(engine, live, request, now)),
            )
            for request in _requests(question, campaign)
        )  # fmt: skip
        return Asking(
            live=live, side=Side.of(live.kernel, keys), question=question, requests=requests, campaign=campaign,
            audience=None if campaign is None else audience_of(live.published, campaign),
        )  # fmt: skip

    def like(self, other: Asking) -> bool:
        """Whether both see the same situation: the same columns, the same policies, the same question."""
        mine, theirs = self.live.kernel, other.live.kernel
        return (
            mine.used_columns == theirs.used_columns
            and mine.offer_slots == theirs.offer_slots
            and mine.strategy.policies == theirs.strategy.policies
            and self.requests == other.requests
            and self.campaign == other.campaign
        )

    def of_event(self, record: Recorded) -> Recorded:
        """What was recorded of an event, as the trigger of this strategy asks: its actions, its channels."""
        triggers = {trigger.name: trigger for trigger in self.live.kernel.strategy.triggers}
        trigger = triggers.get(record.request.context.get("trigger", ""))
        channels = () if trigger is None else trigger.channels
        request = msgspec.structs.replace(
            record.request, actions=() if trigger is None else trigger.actions,
            channels=tuple(name for name in channels if name in self.question.channels),
        )  # fmt: skip
        return msgspec.structs.replace(record, request=request)


def _requests(question: Question, campaign: Campaign | None) -> tuple[Request, ...]:
    if question.mode == "inbound":
        return tuple(
            Request(channels=(channel,), context={"channel": channel, "reason": ""})
            for channel in question.channels
        )
    if question.campaign is None:
        return (Request(channels=question.channels, wait_minutes_max=WAIT_MINUTES_MAX),)
    channels = () if campaign is None else campaign.channels
    return (
        Request(
            channels=tuple(name for name in channels if name in question.channels),
            actions=() if campaign is None else campaign.actions, context={"campaign": question.campaign},
            wait_minutes_max=WAIT_MINUTES_MAX,
        ),
    )  # fmt: skip

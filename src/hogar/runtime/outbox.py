"""What waits is said: the last gate, then the channel, each message once as far as a crash allows.

Reads due messages; writes the channel's files and what became of each message. Steps, and why in this order: (1) what
a crash left submitted is looked up in the file of its day, and is delivered where it stands there; (2) the gate settles
or postpones what may not leave; (3) the rest is marked submitted, durable, unless somebody stopped or switched anything
since the gate: then all of it is looked at again; (4) the channel has it, durable; (5) it is marked delivered. (1)
comes before the gate, for what is said cannot be put off, and its file is that of `not_before`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

import msgspec

from hogar.runtime import file_channel
from hogar.runtime.drafts import Payload
from hogar.runtime.engine import Engine, Live
from hogar.runtime.file_channel import Delivery
from hogar.runtime.gate import SEND, Verdict, gate
from hogar.stores import outbox
from hogar.stores.lock import Lock, LockedError
from hogar.stores.moment import to_micros, to_moment
from hogar.stores.outbox import Message, Settled

BATCH_MAX = 64
ELSEWHERE = "another process delivers now; what it leaves goes out with the next delivery"


class DeliveryReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the messages that were due; `waiting` in all are for a later minute.

    `elsewhere`: another process delivers now, so nothing was delivered here.
    """

    delivered: int
    expired: int
    waiting: int
    failed: Mapping[str, int]
    elsewhere: bool = False


def deliver(engine: Engine) -> DeliveryReport:
    """Deliver everything that is due. Raises `stores.lock.LockedError` while another process delivers."""
    counts: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    engine.outbox.mkdir(parents=True, exist_ok=True)
    with Lock(engine.outbox / "lock", doing="delivering from").held():
        while batch := outbox.due(engine.ledger, to_micros(engine.clock()), BATCH_MAX):
            _deliver_batch(engine, batch, counts, failed)
    return DeliveryReport(
        delivered=counts["delivered"], expired=counts["expired"], waiting=_later(engine),
        failed=dict(sorted(failed.items())),
    )  # fmt: skip


def deliver_or_leave(engine: Engine) -> DeliveryReport:
    """Deliver everything that is due, or leave it to the process that delivers now."""
    try:
        return deliver(engine)
    except LockedError:
        return DeliveryReport(delivered=0, expired=0, waiting=_later(engine), failed={}, elsewhere=True)


def _deliver_batch(
    engine: Engine, batch: Sequence[Message], counts: Counter[str], failed: Counter[str]
) -> None:
    now = engine.clock()
    live = engine.live()
    said = _said(engine, batch)
    if said:
        outbox.settle(engine.ledger, [(message, "delivered", "") for message in said], to_micros(now))
        counts["delivered"] += len(said)
        batch = [message for message in batch if message.id not in {one.id for one in said}]
    payloads = {message.id: _DECODER.decode(message.payload) for message in batch}
    verdicts = {message.id: gate(engine, live, message, payloads[message.id], now) for message in batch}
    settled: list[tuple[Message, Settled, str]] = []
    waiting: list[tuple[Message, int, str]] = []
    for message in batch:
        verdict = verdicts[message.id]
        if verdict.until is not None:
            waiting.append((message, to_micros(verdict.until), verdict.reason))
        elif verdict is not SEND:
            settled.append((message, _state(verdict), verdict.reason))
    if settled:
        outbox.settle(engine.ledger, settled, to_micros(now))
    if waiting:
        outbox.postpone(engine.ledger, waiting, to_micros(now))
    counts["expired"] += sum(state == "expired" for _, state, _ in settled)
    failed.update(reason for _, state, reason in settled if state == "failed")
    sent = [message for message in batch if verdicts[message.id] is SEND]
    if sent and _sent(engine, live, sent, payloads, now):
        counts["delivered"] += len(sent)


def _said(engine: Engine, batch: Sequence[Message]) -> list[Message]:
    """Those that a crash left submitted and that stand in their file."""
    submitted = [message for message in batch if message.state == "submitted"]
    files = {_file_of(engine, message) for message in submitted}
    keys = {file: file_channel.written(engine.outbox, *file) for file in files}
    return [message for message in submitted if message.id in keys[_file_of(engine, message)]]


def _file_of(engine: Engine, message: Message) -> tuple[str, date]:
    return message.channel, to_moment(message.not_before).astimezone(engine.zone).date()


def _later(engine: Engine) -> int:
    return outbox.count_later(engine.ledger, to_micros(engine.clock()))


def _sent(
    engine: Engine, live: Live, messages: Sequence[Message], payloads: Mapping[str, Payload], now: datetime
) -> bool:
    """Whether they went to their channel; not where something was switched or stopped since the gate: look again."""
    if not outbox.submit(engine.ledger, [message.id for message in messages], to_micros(now), live.pointers):
        return False

    def file_of(message: Message) -> tuple[str, date]:
        return _file_of(engine, message)

    for (channel, day), group in groupby(sorted(messages, key=file_of), key=file_of):
        file_channel.append(
            engine.outbox, channel, day,
            [
                Delivery(
                    idempotency_key=message.id, channel=channel, message=payloads[message.id],
                    not_before=to_moment(message.not_before).isoformat(),
                    expires_at=to_moment(message.expires_at).isoformat(),
                )
                for message in group
            ],
        )  # fmt: skip
    outbox.settle(engine.ledger, [(message, "delivered", "") for message in messages], to_micros(now))
    return True


def _state(verdict: Verdict) -> Settled:
    return "expired" if verdict.expired else "failed"


_DECODER = msgspec.json.Decoder(Payload)

"""Whom does a file of contacts mean in the true market? Reads target files and the outbox; returns contacts by number.

The product's ids carry a silo's party (`P-crm:C1234567` is the person whose least party is `crm:C1234567`): a message
goes to the human being who truly is that party. Neighbours: `twin_live`, which has them answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from hogar.decide.decision import Proposal, decode_decision
from hogar.errors import UsageError
from hogar.runtime.engine import Engine
from hogar.runtime.file_channel import Delivery
from hogar.runtime.target_file import COLUMNS
from hogar.telco.channels import CHANNELS, MESSAGE_CLASSES
from hogar.twin.contracts.parties import canonical
from hogar.twin.live import Contacts, Live, contacts
from hogar.twin.reactions.offers import RETENTION, SERVICE, place_of
from hogar.twin.reactions.state import own_line
from hogar.twin.world import World

PERSON = "P-"
CONTACTS_A_PERSON_MAX = 100
"""In one file. Those of one home are answered one after the other, and nobody writes so often."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One contact in the product's words; `line` and `offering` "" where the file does not say."""

    key: str
    person: str
    recipient: str
    line: str
    action: str
    offering: str
    message_class: str
    channel: str
    at: datetime
    decision: str = ""
    proposal: int = 0


@dataclass(kw_only=True)
class Found:
    """The rows that mean somebody, as contacts; `passed_over` counts the others by reason."""

    rows: list[Row] = field(default_factory=list)
    contacts: Contacts | None = None
    passed_over: Counter[str] = field(default_factory=Counter)


def rows_of(path: Path, engine: Engine, at: datetime) -> list[Row]:
    """The contacts of a file: a target file (.csv, .parquet) as of `at`, or the outbox's JSON lines (.jsonl)."""
    if not path.is_file():
        what = "this is a folder; name a file in it" if path.is_dir() else "there is no such file"
        raise UsageError(f"{path}: {what}")
    if path.suffix == ".jsonl":
        return _outbox(path, engine)
    if path.suffix not in (".csv", ".parquet"):
        raise UsageError(f"{path}: contacts come as .csv or .parquet (a target file) or .jsonl (the outbox)")
    try:
        table = pyarrow.parquet.read_table(path) if path.suffix == ".parquet" else _csv(path)
    except (pa.ArrowException, OSError) as error:
        raise UsageError(f"{path}: cannot be read ({error})") from None
    missing = [name for name in COLUMNS if name not in table.column_names]
    if missing:
        raise UsageError(
            f"{path}: no column {', '.join(missing)}; `hogar campaign plan --out` writes such a file"
        )
    try:
        table = table.select(COLUMNS).cast(pa.schema([(name, pa.string()) for name in COLUMNS]))
    except pa.ArrowException as error:
        raise UsageError(f"{path}: {', '.join(COLUMNS)} hold texts, and here they do not ({error})") from None
    actions = engine.live().published.actions
    rows = []
    for number, given in enumerate(table.to_pylist()):
        row = {name: value or "" for name, value in given.items()}
        action = actions.get(row["action"])
        rows.append(
            Row(
                key=f"{path.name}:{number}:{row['recipient']}:{at.isoformat()}",
                person=row["person"],
                recipient=row["recipient"],
                line="",
                action=row["action"],
                channel=row["channel"],
                at=at,
                offering=(action.offering or "") if action else "",
                message_class=action.message_class if action else "marketing",
            )
        )
    return rows


def resolve(rows: list[Row], world: World, market: Live, offers: Mapping[str, str]) -> Found:
    """The contacts of these rows; `offers` says what an action offers, over what the row says."""
    people, lines = persons_of(world), _lines_of(world)
    own = own_line(market.crowd, market.state)
    found, columns = Found(), []
    for row in rows:
        person, recipient = (people.get(one.removeprefix(PERSON), -1) for one in (row.person, row.recipient))
        recipient = recipient if row.person else -1
        offer = _offer(row, offers)
        if recipient < 0 or row.channel not in CHANNELS or offer < 0:
            why = (
                "nobody has this id"
                if recipient < 0
                else "no such channel"
                if offer >= 0
                else "no such offer"
            )
            found.passed_over[why] += 1
            continue
        line = lines.get(row.line, -1)
        if line < 0 and person != recipient and person >= 0:
            line = int(own[person])
        message = MESSAGE_CLASSES.index(row.message_class) if row.message_class in MESSAGE_CLASSES else 0
        columns.append(
            (recipient, offer, line, CHANNELS.index(row.channel), message, round(row.at.timestamp()))
        )
        found.rows.append(row)
    if columns:
        person_, offer_, line_, channel, message_, at = np.array(columns, dtype=np.int64).T
        counts = np.bincount(person_)
        if counts.max() > CONTACTS_A_PERSON_MAX:
            often = found.rows[int(np.argmax(person_ == counts.argmax()))].recipient
            raise UsageError(
                f"{often}: {counts.max():,} contacts of one person, and {CONTACTS_A_PERSON_MAX} at the most are "
                "answered at once; give the file in parts"
            )
        found.contacts = contacts(
            person_,
            offer_,
            line=line_,
            channel=channel,
            message_class=message_,
            at=at.astype("datetime64[s]"),
        )
    return found


def persons_of(world: World) -> dict[str, int]:
    """The true person of each party id as the product's tables carry it; a company is its signatory."""
    parties, found = world.parties, {}
    for column in (parties.crm, parties.duplicate, parties.business, parties.prepaid, parties.web):
        found.update({canonical(id): person for person, id in enumerate(column.tolist()) if id})
    companies = zip(parties.company.tolist(), world.workplaces.signatory.tolist(), strict=False)
    found.update({canonical(id): person for id, person in companies if id and person >= 0})
    return found


def _lines_of(world: World) -> dict[str, int]:
    ours = world.parties.line[: len(world.contracts.lines)].tolist()
    return {canonical(id): line for line, id in enumerate(ours) if id}


def _offer(row: Row, offers: Mapping[str, str]) -> int:
    """What the row offers: as told, else its offering, else a service message or a better price for staying."""
    said = offers.get(row.action, row.offering)
    if said:
        return place_of(said)
    return RETENTION if row.message_class == "marketing" else SERVICE


def _csv(path: Path) -> pa.Table:
    options = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(COLUMNS, pa.string()), strings_can_be_null=False
    )
    return pyarrow.csv.read_csv(path, convert_options=options)


def _outbox(path: Path, engine: Engine) -> list[Row]:
    """Delivered messages; what each proposed stands in the ledger."""
    proposals = _proposals(engine)
    rows = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            delivery = msgspec.json.decode(line, type=Delivery)
            at = datetime.fromisoformat(delivery.not_before)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
            raise UsageError(f"{path}:{number}: no line of the outbox ({error})") from None
        message = delivery.message
        proposal = proposals(message.decision, message.proposal)
        of_line = proposal is not None and proposal.scope == "line"
        of_person = proposal is not None and proposal.scope == "person"
        rows.append(
            Row(
                key=delivery.idempotency_key,
                recipient=message.party,
                person=proposal.subject if proposal and of_person else message.party,
                line=proposal.subject if proposal and of_line else "",
                action=message.action,
                offering=(proposal.offering or "") if proposal else "",
                message_class=message.message_class,
                channel=delivery.channel,
                at=at,
                decision=message.decision,
                proposal=message.proposal,
            )
        )
    return rows


def _proposals(engine: Engine) -> Callable[[str, int], Proposal | None]:
    """Looks a decision's proposal up in the ledger."""

    def of(decision: str, number: int) -> Proposal | None:
        row = engine.ledger.decision(decision)
        proposals = decode_decision(row.decision).proposals if row else ()
        return proposals[number] if number < len(proposals) else None

    return of

"""Who is looked at on which day, for which actions? One campaign from one file of `strategy/campaigns`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hogar.expr import Expression
from hogar.strategy.documents import Document, Scalar
from hogar.strategy.expressions import Parser
from hogar.strategy.fields import Fields
from hogar.strategy.names import Allowed
from hogar.strategy.shapes import EXPRESSION, HELP, TEXT, Field, some_of, table, whole
from hogar.strategy.triggers import ACTIONS, named_actions, spoken
from hogar.strategy.types import Campaign
from hogar.telco.channels import OUTBOUND_CHANNELS

EVERYBODY = "everybody"
CAPACITY_MAX = 100_000_000
CAMPAIGN = table(
    Field("audience", EXPRESSION, "who is looked at: `everybody`, or an expression", required=True),
    Field("actions", ACTIONS, "the actions that it may lead to", required=True),
    Field("channels", some_of(OUTBOUND_CHANNELS), "the channels that it may speak through", required=True),
    Field(
        "schedule", TEXT, "minute, hour, day of the month, month, day of the week: `0 9 * * 1`", required=True
    ),
    Field("capacity", whole(1, CAPACITY_MAX), "messages a run at most"),
    HELP,
    help="who is looked at on which day, for which actions: one file a campaign",
)
# minute, hour, day of the month, month, day of the week: lowest and highest number.
_CRON = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_CRON_PART = re.compile(r"(\*|\d+(-\d+)?)(/\d+)?")


def read_campaign(
    document: Document, name: str, parser: Parser, action_keys: Sequence[str], channels: Sequence[str]
) -> Campaign:
    """The campaign of one file. A person is in the audience when it holds for a line that the person uses."""
    owner = f"campaign `{name}`"
    fields = Fields(document, document.root, owner, CAMPAIGN)
    fields.text("help")
    schedule = " ".join(fields.text("schedule").split())
    if schedule and not is_cron(schedule):
        document.problem(
            fields.at("schedule"), f"`{schedule}` is not a schedule",
            "write minute, hour, day of the month, month, day of the week: `0 9 * * 1` is Mondays at nine",
        )  # fmt: skip
    return Campaign(
        name=name,
        audience=_audience(document, fields, parser, owner),
        actions=named_actions(document, fields, action_keys),
        channels=fields.choices("channels", "a channel that a campaign can speak through", spoken(channels)),
        schedule=schedule,
        capacity=fields.whole("capacity", 0) or None,
        place=document.start,
    )


def is_cron(text: str) -> bool:
    """Whether a text has the five parts of a cron schedule, each within its bounds.

    >>> is_cron("0 9 * * 1"), is_cron("0 25 * * 1")
    (True, False)
    """
    parts = text.split()
    return len(parts) == len(_CRON) and all(
        _is_cron_part(piece, low, high)
        for part, (low, high) in zip(parts, _CRON, strict=True)
        for piece in part.split(",")
    )


def _is_cron_part(piece: str, low: int, high: int) -> bool:
    if not _CRON_PART.fullmatch(piece):
        return False
    numbers = [int(number) for number in re.findall(r"\d+", piece.split("/")[0])]
    step = piece.partition("/")[2]
    return all(low <= number <= high for number in numbers) and numbers == sorted(numbers) and step != "0"


def _audience(document: Document, fields: Fields, parser: Parser, owner: str) -> Expression | None:
    node = fields.node("audience")
    if node is None or (isinstance(node, Scalar) and node.value.strip() == EVERYBODY):
        return None
    allowed = Allowed(owner=owner, scope="line")
    return parser.expression(document, node, "boolean", allowed)

"""What was changed at run time? The objective in force, levers and prices, as one small document of a strategy.

`strategy/controls.yml` is a text of a *published* strategy, never of a project's folder: whoever pulls a lever at run
time publishes the live texts with a new `controls.yml`, so that every decision knows its own by the strategy's hash.
`Controls` is the value; `controls_of` reads it from texts, its methods edit it, `with_controls` puts it back.
Before: `documents`, `levers`. After: `compiling` applies it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from hogar.errors import Place, Problem, ProblemsFound, did_you_mean
from hogar.strategy.documents import Document, Node, read
from hogar.strategy.fields import Fields
from hogar.strategy.levers import LEVERS, Lever, read_levers
from hogar.strategy.shapes import HELP, TEXT, Field, Listed, name_of, number, one_of, table
from hogar.telco.channels import CHANNELS

PATH = "strategy/controls.yml"
PRICE_MAX = 10_000.0
_PLAIN = re.compile(r"(?!null$)[a-z][a-z0-9_]*")

PRICE = table(
    Field("channel", one_of(CHANNELS), "the channel whose messages cost more, or"),
    Field("action", name_of("action"), "the action that costs more"),
    Field("eur", number(0, PRICE_MAX), "euros on top of its own cost", required=True),
    HELP,
    help="what one more costs beyond its own cost",
)
CONTROLS = table(
    Field("objective", TEXT, "the objective in force"),
    LEVERS,
    Field("prices", Listed(item=PRICE), "prices of channels and actions"),
    help="what was changed at run time",
)

Texts = Mapping[str, str | bytes]


@dataclass(frozen=True, kw_only=True)
class Price:
    """What one more through a channel, or of an action, costs beyond its own cost: taken off in arbitration."""

    channel: str = ""
    action: str = ""
    eur: float
    help: str = ""
    place: Place | None = None

    @property
    def cents(self) -> int:
        """The price in whole cents."""
        return round(100 * self.eur)

    @property
    def is_in_cents(self) -> bool:
        """Whether the price has no part of a cent, which would not count."""
        return abs(100 * self.eur - self.cents) < 1e-6


@dataclass(frozen=True, kw_only=True)
class Controls:
    """What is set at run time; empty where nothing is. `objective` is "" where the project's default is in force."""

    objective: str = ""
    levers: tuple[Lever, ...] = ()
    prices: tuple[Price, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is set."""
        return not (self.objective or self.levers or self.prices)

    def with_objective(self, name: str) -> Controls:
        """With another objective in force; "" gives it back to the project's default."""
        return replace(self, objective=name)

    def with_lever(self, lever: Lever) -> Controls:
        """With this lever in place of the one on the same purpose or action, if there was one."""
        rest = self.without_lever(purpose=lever.purpose, action=lever.action).levers
        return replace(self, levers=(*rest, replace(lever, place=None)))

    def without_lever(self, *, purpose: str = "", action: str = "") -> Controls:
        """Without the lever on this purpose or action."""
        rest = (each for each in self.levers if (each.purpose, each.action) != (purpose, action))
        return replace(self, levers=tuple(rest))

    def with_price(self, price: Price) -> Controls:
        """With this price in place of the one of the same channel or action, if there was one."""
        rest = self.without_price(channel=price.channel, action=price.action).prices
        return replace(self, prices=(*rest, replace(price, place=None)))

    def without_price(self, *, channel: str = "", action: str = "") -> Controls:
        """Without the price of this channel or action."""
        rest = (each for each in self.prices if (each.channel, each.action) != (channel, action))
        return replace(self, prices=tuple(rest))

    def price_cents(self, *, channel: str = "", action: str = "") -> int:
        """What the prices add to the cost of a channel's message, or of an action."""
        return sum(each.cents for each in self.prices if (each.channel, each.action) == (channel, action))


def read_controls(
    document: Document, objectives: Sequence[str], action_keys: Sequence[str], channels: Sequence[str]
) -> Controls:
    """All of controls.yml, held against what the strategy has; what is wrong is noted and left out."""
    fields = Fields(document, document.root, "controls", CONTROLS)
    objective = fields.text("objective")
    if objective and objective not in objectives:
        document.problem(
            fields.at("objective"), f"`{objective}` is not an objective", did_you_mean(objective, objectives)
        )
    return Controls(
        objective=objective,
        levers=read_levers(document, fields.elements("levers"), action_keys),
        prices=tuple(
            _price(document, node, number, action_keys, channels)
            for number, node in enumerate(fields.elements("prices"))
        ),
    )


def controls_of(texts: Texts) -> Controls:
    """The controls among a published strategy's texts; empty where there are none. Raises ProblemsFound."""
    if PATH not in texts:
        return Controls()
    document = read(PATH, texts[PATH])
    fields = Fields(document, document.root, "controls", CONTROLS)
    found = read_controls(document, [fields.text("objective")], action_keys(texts), CHANNELS)
    if document.problems:
        raise ProblemsFound(document.problems)
    return found


def action_keys(texts: Texts) -> list[str]:
    """The keys of the actions among texts."""
    found = (path.split("/") for path in texts)
    return [parts[2].removesuffix(".yml") for parts in found if parts[:2] == ["strategy", "actions"]]


def with_controls(texts: Texts, controls: Controls) -> dict[str, str | bytes]:
    """The texts with these controls in place of theirs; without the document where nothing is set."""
    rest = {path: text for path, text in texts.items() if path != PATH}
    return rest if controls.is_empty else {**rest, PATH: controls_text(controls)}


def controls_text(controls: Controls) -> str:
    """The document that says these controls: the same controls, the same text.

    >>> print(controls_text(Controls(objective="growth", prices=(Price(channel="sms", eur=0.1),))), end="")
    objective: growth
    prices:
    - {channel: sms, eur: 0.1}
    """
    lines = [f"objective: {_word(controls.objective)}"] if controls.objective else []
    if controls.levers:
        lines += ["levers:", *(f"- {{{_lever_words(lever)}}}" for lever in controls.levers)]
    if controls.prices:
        lines += ["prices:", *(f"- {{{_price_words(price)}}}" for price in controls.prices)]
    return "".join(f"{line}\n" for line in lines)


def folder_problems(texts: Texts) -> list[Problem]:
    """What speaks against these texts as those of a project's folder: controls belong to what is published."""
    if PATH not in texts:
        return []
    cure = "remove the file; use `hogar set`, or write it into `objectives.yml` and `policies.yml` for good"
    return [
        Problem(place=Place(file=PATH), what="is kept among what is published, not in a folder", cure=cure)
    ]


def _price(
    document: Document, node: Node, number: int, action_keys: Sequence[str], channels: Sequence[str]
) -> Price:
    fields = Fields(document, node, f"price {number + 1}", PRICE)
    fields.one_of_two("channel", "action")
    return Price(
        channel=fields.choice("channel", "a channel of the policies", channels, ""),
        action=fields.choice("action", "an action", action_keys, ""),
        eur=fields.number("eur", 0.0),
        help=" ".join(fields.text("help").split()),
        place=fields.place,
    )


def _lever_words(lever: Lever) -> str:
    on = f"purpose: {lever.purpose}" if lever.purpose else f"action: {lever.action}"
    ends = (("from", lever.season.first), ("until", lever.season.last))
    days = [f"{word}: {day.isoformat()}" for word, day in ends if day is not None]
    return ", ".join([on, f"weight: {lever.weight:.12g}", *days, *_help_words(lever.help)])


def _price_words(price: Price) -> str:
    on = f"channel: {price.channel}" if price.channel else f"action: {price.action}"
    return ", ".join([on, f"eur: {price.eur:.12g}", *_help_words(price.help)])


def _help_words(words: str) -> list[str]:
    return [f"help: {_word(words)}"] if words else []


def _word(text: str) -> str:
    """A plain word as it is, other words of people in quotes, as JSON and YAML both read them."""
    return text if _PLAIN.fullmatch(text) else msgspec.json.encode(text).decode()

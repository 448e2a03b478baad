"""How does the catalogue read? The cards of a project as one Markdown page, with a picture of each topic's lineage.

Takes cards; returns text. The page of the demo's project is docs/catalogue-acme.md, held equal to the code by a test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hogar.build.catalogue.cards import Card, Described
from hogar.telco.catalogue import ENTITIES, GATE_BASIS, LEGAL_BASIS, Default, Entity
from hogar.telco.tables import BY_NAME

ALWAYS = (
    "person",
    "line",
)  # nearly every feature hangs on who and which line: the picture leaves their keys out


def catalogue_page(described: Described, name: str) -> str:
    """The page: what each purpose rests on, then each topic with its picture, its features and what they come from."""
    lines = [
        f"# What {name} knows as numbers",
        "",
        "Made by `hogar features --markdown FILE` from `features/`, `models/` and `sources/`.",
        "What the words mean stands in [features](features.md).",
        "",
        "## What the purposes stand on",
        "",
        "| purpose or consent | what the law asks |",
        "|---|---|",
        *(f"| `{purpose}` | {basis} |" for purpose, basis in [*LEGAL_BASIS.items(), *GATE_BASIS.items()]),
    ]
    for entity in ENTITIES:
        for file, cards in _topics(described, entity).items():
            lines += ["", f"## {file}", "", *_topic(file, cards, described)]
    return "\n".join(lines) + "\n"


def _topics(described: Described, entity: Entity) -> Mapping[str, list[Card]]:
    """An entity's cards by the file that defines them, in the order of files."""
    found: dict[str, list[Card]] = {}
    for card in described.cards.values():
        if card.feature.entity == entity:
            found.setdefault(card.feature.file, []).append(card)
    return dict(sorted(found.items()))


def _topic(file: str, cards: list[Card], described: Described) -> Iterator[str]:
    gates = [gate for gate in GATE_BASIS if any(gate in card.gates for card in cards)]
    if gates:
        yield f"Only with consent: {', '.join(gates)}."
        yield ""
    yield "| name | type | what it says | whose | purposes | owner | fresh within | unknown is |"
    yield "|---|---|---|---|---|---|---|---|"
    for card in cards:
        one = card.feature
        kind = f"{one.type}, {one.unit}" if one.unit else one.type
        default = _default(one.default)
        yield (
            f"| `{one.full_name}` | {kind} | {_cell(one.help)} | {one.whose} | {', '.join(one.purposes)} | "
            f"{one.owner} | {_hours(one.freshness_hours)} | {default} |"
        )
    yield ""
    yield "```mermaid"
    yield from _picture(file, cards, described)
    yield "```"
    yield ""
    yield "| name | its value is made of | its rows are chosen by | made of features |"
    yield "|---|---|---|---|"
    for card in cards:
        parts = (card.lineage.value, card.lineage.rows, card.lineage.features)
        yield f"| `{card.feature.full_name}` | " + " | ".join(_names(part) for part in parts) + " |"


def _picture(file: str, cards: Iterable[Card], described: Described) -> Iterator[str]:
    """Silos → canonical tables → the topic, as a Mermaid flowchart."""
    tables = dict.fromkeys(name.partition(".")[0] for card in cards for name in card.lineage.value)
    named = [table for table in tables if table not in ALWAYS] or list(tables)
    yield "flowchart LR"
    yield f'    topic(["{file}"])'
    for table in named:
        yield f'    {table}_["{table} ({BY_NAME[table].owner})"] --> topic'
        for silo in described.mapped[table].silos if table in described.mapped else ():
            yield f'    {silo}[("{silo}")] --> {table}_'


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _default(default: Default) -> str:
    if default is None:
        return "unknown"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def _hours(hours: float | None) -> str:
    if hours is None:
        return "not said"
    return f"{hours / 24:g} days" if hours % 24 == 0 and hours > 24 else f"{hours:g} hours"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")

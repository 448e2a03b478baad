"""`hogar features --describe`: the catalogue of features as a table, as cards, as JSON, as a page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from hogar import build
from hogar.app import now_of, read_settings, work_of
from hogar.build import Card
from hogar.cli.output import Output, plainly
from hogar.errors import UsageError, did_you_mean
from hogar.stores.durable import write_file
from hogar.telco.catalogue import ENTITIES, GATE_BASIS, LEGAL_BASIS


def describe(
    output: Output,
    project: Path,
    data: Path | None,
    now: datetime | None,
    name: str | None,
    page: Path | None,
) -> None:
    """Tell all features in a table, those that `name` asks for as full cards, and write the page where one is named."""
    settings = read_settings(project)
    work = work_of(settings, data=data, now=now_of(settings, now), progress=output.progress)
    built = work.state.current("features")
    found = build.describe(project, data=work.state.data, silos=work.silos, built=built, now=work.now)
    cards = _asked(found.cards.values(), name)
    if page is not None:
        write_file(page, build.catalogue_page(found, settings.name))
        output.say(f"{plainly(page)}: {len(found.cards)} features and scores")
    elif name is None:
        _table(output, cards)
    else:
        for card in cards:
            _card(output, card)
    if found.known is None:
        output.say("[dim]what is known of each, and how old it is, is told once `hogar features` has run[/]")
    as_of = found.known.as_of if found.known is not None else None
    output.result({"as_of": as_of, "features": [card.as_data() for card in cards]})


def _asked(cards: Iterable[Card], name: str | None) -> list[Card]:
    """All cards, an entity's, or the one of this name. Raises `UsageError` where there is none."""
    every = list(cards)
    found = [
        card for card in every
        if name is None or name in (card.feature.full_name, card.feature.name, card.feature.entity)
    ]  # fmt: skip
    if not found:
        known = [*ENTITIES, *(card.feature.full_name for card in every)]
        raise UsageError(
            f"`{name}` is not a feature; {did_you_mean(name or '', known) or 'see `hogar features --describe`'}"
        )
    return found


def _table(output: Output, cards: Iterable[Card]) -> None:
    columns = ("name", "type", "unit", "whose", "purposes", "owner", ">known", ">age", "made of")
    output.table(
        "", columns,
        (
            (
                card.feature.full_name, card.feature.type, card.feature.unit, card.feature.whose,
                " ".join(card.feature.purposes), card.feature.owner, _share(card), _age(card),
                " ".join(dict.fromkeys(source.partition(".")[0] for source in card.lineage.value)),
            )
            for card in cards
        ),
    )  # fmt: skip


def _card(output: Output, card: Card) -> None:
    one = card.feature
    output.say(f"[bold]{one.full_name}[/]  {plainly(one.help)}")
    for word, said in _lines(card):
        output.say(f"  {word:<12} {plainly(said)}")
    output.say()


def _lines(card: Card) -> Iterable[tuple[str, str]]:
    one = card.feature
    yield "type", one.type + (f", {one.unit}" if one.unit else "")
    yield "whose", one.whose
    yield "owner", one.owner or "nobody is named"
    for purpose in one.purposes:
        yield purpose, LEGAL_BASIS[purpose]
    for gate in card.gates:
        yield "consent", f"{gate}: {GATE_BASIS[gate]}"
    yield "file", one.file
    yield "unknown is", "unknown" if one.default is None else f"{one.default}"
    if card.lineage.features:
        yield "features", ", ".join(card.lineage.features)
    for chosen, names in (("value", card.lineage.value), ("rows", card.lineage.rows)):
        for name in names:
            yield chosen, f"{name} ← {', '.join(card.silos.get(name, ())) or 'no silo'}"
            chosen = ""
    if card.known is not None:
        yield "known", f"{_share(card)} of {card.known.of:,}; {card.known.distinct:,} different values"
    if card.known is not None and card.known.low is not None:
        yield (
            "range",
            f"{card.known.low:g} to {card.known.high:g} for 98 in 100, {card.known.middle:g} in the middle",
        )
    fresh = "not said" if one.freshness_hours is None else f"{one.freshness_hours:g} hours"
    yield "fresh within", f"{fresh}; the oldest source's newest row: {_age(card) or 'not known'}"


def _share(card: Card) -> str:
    return "" if card.known is None else f"{100 * card.known.share:.0f} %"


def _age(card: Card) -> str:
    if card.age_hours is None:
        return ""
    words = f"{card.age_hours / 24:.0f} days" if card.age_hours >= 48 else f"{card.age_hours:.0f} hours"
    return f"{words}, stale" if card.stale else words

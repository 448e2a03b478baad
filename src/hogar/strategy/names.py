"""Which names may an expression use, and whose data is behind each? The catalogue, and what an action adds.

Every expression is parsed against all names there are, so that a misspelt one finds its neighbour; `barrier`
then says which of them this expression, in this place, may not use, and why. Before: `vocabulary` is made once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hogar.errors import did_you_mean
from hogar.telco.catalogue import Catalogue, Entity, FeatureType, Whose
from hogar.telco.channels import MessageClass

# What the offering of an action means to its subject: type, and whose data it is. What is paid, owned or
# ordered is the payer's; a price list and a network are nobody's.
ACTION_FACTS: dict[str, tuple[FeatureType, Whose]] = {
    "action.owned": ("boolean", "payer"),
    "action.ordered": ("boolean", "payer"),
    "action.deliverable": ("boolean", "nobody"),
    "action.monthly_eur": ("number", "nobody"),
    "action.current_eur": ("number", "payer"),
    "action.cost_eur": ("number", "payer"),
    "action.saving_eur": ("number", "payer"),
    "action.extra_eur": ("number", "payer"),
}
# Only objectives know these: they are replaced by each action's own.
OBJECTIVE_FACTS: dict[str, FeatureType] = {"action.value_eur": "number", "action.purpose": "text"}
CONTEXT: dict[str, FeatureType] = {"context.channel": "text", "context.reason": "text"}
# The local day of the decision: for what an action asks, and the house's own conditions; not for words.
TODAY = "context.today"

# A line's facts include its user's and its household's; never the other way round.
ENTITIES_OF_SCOPE: dict[Entity, tuple[Entity, ...]] = {
    "household": ("household",),
    "person": ("household", "person"),
    "line": ("household", "person", "line"),
}
_COMPARED_BY_USE = "roaming"  # offers of this kind are compared by the traffic of the line's user
_PURPOSE_OF_CLASS: dict[MessageClass, str] = {"marketing": "marketing", "service": "care"}


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """All names with type, label and (for features) entity and purposes; `offers` by id with their kind."""

    types: Mapping[str, FeatureType]
    whose: Mapping[str, Whose]
    entities: Mapping[str, Entity]
    purposes: Mapping[str, tuple[str, ...]]
    offers: Mapping[str, str] | None


@dataclass(frozen=True, kw_only=True)
class EventField:
    """One field of an event: its type, and whose data it is."""

    type: FeatureType
    whose: Whose


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """What one expression may use: the scope whose names it sees, and what else, and who is asking.

    `owner` is what messages call it; `fields` are the event's names it may use, `facts` the action's. What only
    `silences` may rest on anybody's data.
    """

    owner: str
    scope: Entity | None
    facts: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    message_class: MessageClass | None = None
    silences: bool = False


def vocabulary(
    catalogue: Catalogue, offers: Mapping[str, str] | None, events: Mapping[str, EventField]
) -> Vocabulary:
    """All names there are: features and scores, facts about an action's offering, the event, the context."""
    features = catalogue.features
    types: dict[str, FeatureType] = {name: feature.type for name, feature in features.items()}
    whose: dict[str, Whose] = {name: feature.whose for name, feature in features.items()}
    for name, (type_, label) in ACTION_FACTS.items():
        types[name], whose[name] = type_, label
    types |= OBJECTIVE_FACTS | CONTEXT
    for name, field in events.items():
        types[name], whose[name] = field.type, field.whose
    types[TODAY] = "date"
    for name in (*CONTEXT, TODAY):
        whose[name] = "nobody"
    return Vocabulary(
        types=types,
        whose=whose,
        entities={name: feature.entity for name, feature in features.items()},
        purposes={name: feature.purposes for name, feature in features.items()},
        offers=offers,
    )


def barrier(name: str, allowed: Allowed, words: Vocabulary) -> tuple[str, str] | None:
    """Why `name` may not be used here, as (what, cure); None where it may."""
    namespace = name.partition(".")[0]
    if namespace == "action":
        return None if name in allowed.facts else _fact_barrier(name, allowed)
    if namespace == "event" or name in CONTEXT or name == TODAY:
        return (
            None if name in allowed.fields else (f"`{name}` is not known in {allowed.owner}", _day_cure(name))
        )
    offer = offer_asked(name)
    entity: Entity | None = words.entities.get(name)
    if offer is not None:
        entity = namespace if namespace in ("household", "person", "line") else None  # type: ignore[assignment]
        if words.offers is not None and offer not in words.offers:
            return f"`{offer}` is not an offer of the catalogue", offer_cure(offer, words.offers)
    seen = ENTITIES_OF_SCOPE[allowed.scope] if allowed.scope else ()
    if entity is not None and entity not in seen:
        about = f"is about a {allowed.scope}" if allowed.scope else "looks at the event only"
        return f"`{name}` is about a {entity}, but {allowed.owner} {about}", _scope_cure(entity, allowed)
    if entity == "household" and words.whose.get(name) == "person" and not allowed.silences:
        return (
            f"`{name}` holds private data of single members: nobody could hear what rests on it",
            "use a feature of the `person` or `line`, or an aggregate",
        )
    purpose = _PURPOSE_OF_CLASS.get(allowed.message_class) if allowed.message_class else None
    if purpose is not None and name in words.purposes and purpose not in words.purposes[name]:
        served = ", ".join(words.purposes[name]) or "nothing"
        return f"`{name}` may serve {served}, not {purpose}", "see its `purposes` in the feature catalogue"
    return None


def offer_cure(offer: str, offers: Iterable[str]) -> str:
    """What to write instead of an id that is no offer: the nearest one, or where they stand."""
    known = sorted(offers)
    near = did_you_mean(offer, known)
    if near or not known:
        return near or "sources/offer.sql gives none"
    return f"the {len(known)} offers of sources/offer.sql have ids such as {', '.join(f'`{one}`' for one in known[:3])}"


def whose_data(names: Iterable[str], words: Vocabulary, offering: str | None) -> frozenset[Whose]:
    """Whose data the names are. What an offer costs for the same use is the user's where use is traffic."""
    by_use = offering is not None and (words.offers or {}).get(offering) == _COMPARED_BY_USE
    found: set[Whose] = set()
    for name in names:
        label: Whose = "payer" if offer_asked(name) is not None else words.whose.get(name, "person")
        if by_use and name in ACTION_FACTS and label == "payer":
            label = "person"
        found.add(label)
    return frozenset(found)


def reaches_beyond(name: str, scope: Entity, words: Vocabulary) -> bool:
    """Whether `name` is a payer's fact about more than the subject: its household's, where the subject is a line."""
    namespace = name.partition(".")[0]
    entity = words.entities.get(name, namespace if offer_asked(name) is not None else scope)
    label = "payer" if offer_asked(name) is not None else words.whose.get(name)
    return label == "payer" and entity != scope


def offer_asked(name: str) -> str | None:
    """The offer of a name such as `household.has_offer('FAM-4')`; None for every other name."""
    _, _, member = name.partition(".")
    if not member.startswith("has_offer('") or not member.endswith("')"):
        return None
    return member[len("has_offer('") : -len("')")].replace("''", "'")


def _fact_barrier(name: str, allowed: Allowed) -> tuple[str, str]:
    if name in OBJECTIVE_FACTS:
        return f"`{name}` is known in objectives only", "write the value itself"
    if allowed.scope is not None and not allowed.facts and allowed.owner.startswith("action"):
        return (
            f"`{name}` needs an `offering`, and {allowed.owner} has none",
            "add `offering:` with an offer id",
        )
    return f"`{name}` is known in actions only", ""


def _day_cure(name: str) -> str:
    return (
        "an action's conditions know it; elsewhere days stand in `from:` and `until:`"
        if name == TODAY
        else ""
    )


def _scope_cure(entity: Entity, allowed: Allowed) -> str:
    if not allowed.owner.startswith("action"):
        return ""
    if allowed.scope is None:
        return f"write `scope: {entity}`"
    return f"make a feature of the {allowed.scope} of it; `scope: {entity}` would change what is proposed to whom"

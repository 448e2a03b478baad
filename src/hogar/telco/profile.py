"""What is published about a household? Positional, versioned values: a household's in one read.

Values are float64, NaN for unknown: numbers as they are (integers exact to 2^53), booleans as 0 and 1,
dates as days since 1970-01-01, texts as positions in the version's dictionary. `ProfileSchema` says which
position is which. One published version is immutable; all modes read it, never the raw feature tables.
"""

from __future__ import annotations

import msgspec

from hogar.telco.catalogue import Entity, FeatureType
from hogar.telco.live import Counter


class OfferFact(msgspec.Struct, array_like=True, frozen=True):
    """What one offer means to one household, person or line (B3): cents a month, -1 for unknown.

    `current_cents` is what is paid now for what the offer would replace, `cost_cents` what the same use would
    cost under the offer, `monthly_cents` the offer's own price a month (one-time price for one-time offers).
    """

    offer: int
    owned: bool
    ordered: bool
    deliverable: bool | None
    monthly_cents: int | None
    current_cents: int | None
    cost_cents: int | None


class LineProfile(msgspec.Struct, array_like=True, frozen=True):
    """One line: user, payer and holder as positions among the household's members, -1 for none of them.

    `consented` has a bit for what holder and users allowed: 1 traffic, 2 location.
    """

    id: str
    user: int
    payer: int
    holder: int
    values: bytes
    offers: tuple[OfferFact, ...]
    consented: int = 0


class MemberProfile(msgspec.Struct, array_like=True, frozen=True):
    """One member: how sure the membership is, what was allowed, which roles, and the values.

    `marketing` has a bit a channel in the order of `telco.channels.CHANNELS`; `objects` is the objection to
    direct marketing and profiling. `minor` is None where the age is unknown. `roles` follow `ROLES`. Of who is
    `unprofiled` nothing but contract and payment may be known.
    """

    id: str
    parties: tuple[str, ...]
    membership: float
    minor: bool | None
    objects: bool
    marketing: int
    language: str
    payer: int
    roles: tuple[float, ...]
    values: bytes
    offers: tuple[OfferFact, ...]
    unprofiled: bool = False


class HouseholdProfile(msgspec.Struct, array_like=True, frozen=True):
    """One household: members, lines, who pays (position of the sole payer, -1 for several or none).

    `anchor` is the identity that experiment arms stick to; `advisers` are persons in other homes whom a
    member declared as adviser: (position of the member, person id of the adviser).
    """

    id: str
    anchor: str
    payer: int
    advisers: tuple[tuple[int, str], ...]
    values: bytes
    offers: tuple[OfferFact, ...]
    members: tuple[MemberProfile, ...]
    lines: tuple[LineProfile, ...]


class ProfileColumn(msgspec.Struct, frozen=True):
    """One position of an entity's values; `dictionary` for texts."""

    name: str
    type: FeatureType
    dictionary: tuple[str, ...] = ()


class ProfileSchema(msgspec.Struct, frozen=True, kw_only=True):
    """What the positions of one published version mean. `version` is the content hash of its making.

    `live` are the counters whose values are looked up anew at every decision; `definitions` names the texts that the
    numbers were made of.
    """

    version: str
    membership: str
    models: str
    as_of: str
    household: tuple[ProfileColumn, ...]
    person: tuple[ProfileColumn, ...]
    line: tuple[ProfileColumn, ...]
    offers: tuple[str, ...]
    live: tuple[Counter, ...] = ()
    definitions: str = ""

    def columns(self, entity: Entity) -> tuple[ProfileColumn, ...]:
        """The columns of one entity, in the order of its values."""
        return {"household": self.household, "person": self.person, "line": self.line}[entity]

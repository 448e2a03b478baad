"""Does this strategy fit this profile version? Everything that is missing, at once, before anything is switched.

Reads a strategy, the catalogue that it was typed by, and a version's schema; returns it bound, or what is missing. A
strategy that fits is bound here once, so that whoever switches to it has decided nothing yet and knows that it works.
"""

from __future__ import annotations

from hogar.decide import BindingError
from hogar.errors import HogarError
from hogar.runtime.engine import Profiles, Published
from hogar.runtime.names_read import names_read
from hogar.strategy.types import Strategy
from hogar.telco.catalogue import ENTITIES, Catalogue
from hogar.telco.profile import ProfileSchema

MISSING_SHOWN_MAX = 5


class DoesNotFit(HogarError):
    """The strategy does not fit the profile version."""


def fit(strategy: Strategy, catalogue: Catalogue, profiles: Profiles) -> Published:
    """The strategy bound to the version. Raises DoesNotFit with everything that is missing there."""
    lacking = missing(strategy, catalogue, profiles.schema)
    version = profiles.schema.version[:12]
    if lacking:
        more = f" and {len(lacking) - MISSING_SHOWN_MAX} more" * (len(lacking) > MISSING_SHOWN_MAX)
        raise DoesNotFit(
            f"strategy {strategy.hash[:12]} does not fit profile version {version}: "
            + "; ".join(lacking[:MISSING_SHOWN_MAX]) + more
        )  # fmt: skip
    try:
        return Published.of(strategy, profiles)
    except BindingError as error:
        raise DoesNotFit(
            f"strategy {strategy.hash[:12]} does not fit profile version {version}: {error}"
        ) from error


def missing(strategy: Strategy, catalogue: Catalogue, schema: ProfileSchema) -> list[str]:
    """Features that the strategy reads and the version lacks, or has as another type; in the order of names."""
    published = {column.name: column.type for entity in ENTITIES for column in schema.columns(entity)}
    found = []
    for name in sorted(names_read(strategy) & catalogue.features.keys()):
        wanted = catalogue.features[name].type
        if name not in published:
            found.append(f"`{name}` is not published")
        elif published[name] != wanted:
            found.append(f"`{name}` is published as a {published[name]}, not as a {wanted}")
    return found

"""What does the strategy in the folder say, before anybody publishes it? Compiled as it stands, for previews.

Reads the project's files and, where it has been built, its catalogue of offers; publishes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from hogar import strategy
from hogar.build.models import read_models
from hogar.build.publish import known_offers
from hogar.build.work import Work
from hogar.errors import UsageError, did_you_mean
from hogar.features import read_catalogue
from hogar.models import score_features
from hogar.strategy.preview import Types, types_of
from hogar.strategy.types import Action, Strategy
from hogar.telco.catalogue import Catalogue


@dataclass(frozen=True, kw_only=True)
class OwnStrategy:
    """The strategy of the project's files, and the types of the names that its texts may say."""

    strategy: Strategy
    types: Types

    def action(self, key: str) -> Action:
        """The action of this key. Raises `UsageError` where there is none."""
        found = {action.key: action for action in self.strategy.actions}
        if key not in found:
            raise UsageError(
                f"there is no action `{key}`; {did_you_mean(key, list(found)) or 'see strategy/actions'}"
            )
        return found[key]


def offers_of(work: Work) -> dict[str, str] | None:
    """The offers of the operator's catalogue, id to kind; None before the data has been ingested."""
    ingested = work.state.current("ingest")
    return None if ingested is None else known_offers(ingested)


def own_strategy(work: Work) -> OwnStrategy:
    """The project's own strategy as it stands. Raises `ProblemsFound` with everything that is wrong in it."""
    catalogue = Catalogue.of([*read_catalogue(work.project), *score_features(read_models(work.project))])
    compiled = strategy.compile(work.texts("strategy"), catalogue, offers_of(work))
    return OwnStrategy(strategy=compiled, types=types_of(compiled, catalogue))

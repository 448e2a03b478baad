"""What do we know of them as numbers? One definition each: SQL at a point in time, and a catalogue beside it.

Reads the canonical tables (behind the consent gate) and the households; writes one table an entity, what each
offer would mean to each of them, and the catalogue that everybody above and below is handed. Neighbours:
`sources` and `households` before, `models` and `build` after.
"""

from hogar.features.compute import FeaturesReport, compute, compute_entities
from hogar.features.files import Definitions, read_catalogue, read_definitions
from hogar.features.gaps import catalogue_gaps
from hogar.features.known import FeatureKnown, Known, TableKnown, load_known
from hogar.features.lineage import Lineage, Traces, of_query, together
from hogar.features.saved import load_catalogue, load_counters, save_catalogue
from hogar.features.trial import check_features, checked_definitions

__all__ = [
    "Definitions",
    "FeatureKnown",
    "FeaturesReport",
    "Known",
    "Lineage",
    "TableKnown",
    "Traces",
    "catalogue_gaps",
    "check_features",
    "checked_definitions",
    "compute",
    "compute_entities",
    "load_catalogue",
    "load_counters",
    "load_known",
    "of_query",
    "read_catalogue",
    "read_definitions",
    "save_catalogue",
    "together",
]

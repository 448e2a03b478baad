"""What do we know of them as numbers? One definition each: SQL at a point in time, and a catalogue beside it.

Reads the canonical tables (behind the consent gate) and the households; writes one table an entity, what each
offer would mean to each of them, and the catalogue that everybody above and below is handed. Neighbours:
`sources` and `households` before, `models` and `build` after.
"""

from hogar.features.compute import FeaturesReport, compute, compute_entities
from hogar.features.files import check_features, read_catalogue
from hogar.features.saved import load_catalogue, save_catalogue

__all__ = [
    "FeaturesReport",
    "check_features",
    "compute",
    "compute_entities",
    "load_catalogue",
    "read_catalogue",
    "save_catalogue",
]

"""What does the catalogue leave open? Features that nothing is behind, that nobody answers for, that have no unit.

Takes definitions; returns problems that stop nothing, each with its place. `build.check` tells them.
"""

from __future__ import annotations

from hogar.errors import Place, Problem
from hogar.features.files import Definitions


def catalogue_gaps(definitions: Definitions) -> list[Problem]:
    """What an author should look at, in the order of files.

    Without a source a feature is the same for everybody: no canonical column leads to it, neither to its value nor to
    which rows are counted.
    """
    found: list[Problem] = []
    for file in definitions.files:
        for feature in file.features:
            place = file.places.get(feature.name, Place(file=feature.file))
            name = f"`{feature.full_name}`"
            if not feature.sources:
                cure = "take it from a canonical table; docs/tables.md names their columns"
                found.append(Problem(place=place, what=f"{name} is made of no canonical column", cure=cure))
            if not feature.owner:
                cure = "name who answers for its data: `owner:`"
                found.append(Problem(place=place, what=f"nobody answers for {name}", cure=cure))
            if feature.type == "number" and not feature.unit:
                found.append(Problem(place=place, what=f"{name} has no unit", cure="write `unit:`"))
    return sorted(found)

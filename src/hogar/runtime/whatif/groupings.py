"""Into which groups does a base fall? Each person's or household's place by one published feature.

Reads packed profiles; texts and yes/no are groups as they are, numbers fall into at most five by the quantiles of a
sample. Line features are refused: a household may have several. Used by `comparison`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import numpy as np
import numpy.typing as npt

from hogar.errors import UsageError, did_you_mean
from hogar.telco.profile import HouseholdProfile, ProfileSchema

VALUES_MAX = 9  # distinct whole numbers that stay groups of their own
UNKNOWN = "unknown"


class Grouping(msgspec.Struct, frozen=True, kw_only=True):
    """One way to split the base: `names` of its groups, the last for unknown; numbers fall between `edges`."""

    feature: str
    of_person: bool
    column: int
    width: int
    names: tuple[str, ...]
    edges: tuple[float, ...] = ()

    def groups(self, homes: Sequence[HouseholdProfile]) -> npt.NDArray[np.intp]:
        """The group of each household, or of each member where the feature is a person's."""
        values = _values(self, homes)
        known = ~np.isnan(values)
        group = np.full(len(values), len(self.names) - 1, dtype=np.intp)
        found = values[known]
        if self.edges:
            group[known] = np.searchsorted(np.array(self.edges), found, side="right")
        else:
            group[known] = found.astype(np.intp)
        return group


def grouping(schema: ProfileSchema, feature: str, sample: Sequence[HouseholdProfile]) -> Grouping:
    """The groups of one feature, numbers cut by the sample. Raises UsageError where that cannot be."""
    own = {"household": schema.household, "person": schema.person}
    columns = {c.name: (entity, n, c) for entity, found in own.items() for n, c in enumerate(found)}
    if feature not in columns:
        cure = did_you_mean(feature, list(columns)) or "name one of a household or a person"
        is_line = feature.startswith("line.")
        words = "is a line's, and a household may have several" if is_line else "is not published"
        raise UsageError(f"--by {feature}: this feature {words}; {cure}")
    entity, number, column = columns[feature]
    plain = Grouping(
        feature=feature, of_person=entity == "person", column=number, width=len(own[entity]), names=()
    )
    if column.type == "text":
        return msgspec.structs.replace(plain, names=(*column.dictionary, UNKNOWN))
    if column.type == "boolean":
        return msgspec.structs.replace(plain, names=("no", "yes", UNKNOWN))
    values = _values(plain, sample)
    edges = _edges(values[~np.isnan(values)])
    return msgspec.structs.replace(plain, names=(*_names(edges), UNKNOWN), edges=edges)


def default_features(schema: ProfileSchema) -> tuple[str, ...]:
    """What to split by where nobody says: size, tenure, prepaid or not, technology; as far as they are published."""
    published = {column.name for column in (*schema.household, *schema.person)}
    wanted = (
        "household.members",
        "household.tenure_months",
        "household.prepaid_lines",
        "household.technology",
    )
    return tuple(name for name in wanted if name in published)


def _values(grouping: Grouping, homes: Sequence[HouseholdProfile]) -> npt.NDArray[np.float64]:
    packed = (
        [member.values for home in homes for member in home.members]
        if grouping.of_person
        else [home.values for home in homes]
    )
    table = np.frombuffer(b"".join(packed), dtype="<f8").reshape(len(packed), grouping.width)
    return table[:, grouping.column].astype(np.float64)


def _edges(known: npt.NDArray[np.float64]) -> tuple[float, ...]:
    """Where numbers are cut: between each of a few whole ones, else at the fifths, rounded to two digits."""
    distinct = np.unique(known)
    if len(distinct) <= VALUES_MAX and (distinct == np.rint(distinct)).all():
        return tuple(distinct[1:].tolist()) or (float(distinct[0]) + 1 if len(distinct) else 0.0,)
    cuts = np.quantile(known, (0.2, 0.4, 0.6, 0.8))
    return tuple(sorted({float(f"{cut:.2g}") for cut in cuts}))


def _names(edges: Sequence[float]) -> list[str]:
    whole = all(edge == int(edge) for edge in edges) and all(b - a == 1 for a, b in pairwise(edges))
    if whole and len(edges) > 1:
        first = int(edges[0]) - 1
        return [
            "0" if first == 0 else f"up to {first}",
            *(str(int(edge)) for edge in edges[:-1]),
            f"{int(edges[-1])} or more",
        ]
    between = [f"{low:g} to under {high:g}" for low, high in pairwise(edges)]
    return [f"under {edges[0]:g}", *between, f"{edges[-1]:g} and above"]

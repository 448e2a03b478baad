"""How like are two ways to put the same members into groups? Reads two columns of labels; returns figures.

Pairs: of two who were put together, how many belong together (precision), and of those who do, how many were found
(recall). B-cubed: the same from each member's own point of view, each true group weighing the same, so that big ones
do not drown small ones. The definitions are those of the package er-evaluation. After: `matching`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Share = float | None
"""A share between 0 and 1, or None where there is nothing to judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Row by row, for each member: how big its true group is, how big the one found, and how big what they share.

    Every figure is a sum over members, so some of them (`where`) are judged as all are: a wrong pair counts for the
    member who is judged, whoever the other one is.
    """

    found: Labels
    true: Labels
    found_size: Labels
    true_size: Labels
    shared: Labels

    @classmethod
    def of(cls, found: Labels, true: Labels) -> Overlap:
        """Two columns of labels, one row a member; labels are any numbers from 0."""
        crossed = _crossed(found, true)
        return cls(
            found=found, true=true, found_size=sizes(found)[found], true_size=sizes(true)[true],
            shared=sizes(crossed)[crossed],
        )  # fmt: skip

    def where(self, chosen: Flags) -> Overlap:
        """These members alone, with the sizes that they have among all."""
        return Overlap(
            found=self.found[chosen], true=self.true[chosen], found_size=self.found_size[chosen],
            true_size=self.true_size[chosen], shared=self.shared[chosen],
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.true)

    @property
    def groups(self) -> int:
        """How many true groups the members are of; each is either judged whole or not at all."""
        return _whole(1 / self.true_size)

    @property
    def biggest(self) -> int:
        """The members of the biggest group that was found."""
        return int(self.found_size.max(initial=0))

    @property
    def biggest_true(self) -> int:
        """The members of the biggest true group."""
        return int(self.true_size.max(initial=0))


@dataclass(frozen=True, kw_only=True)
class HomeFigures:
    """How well groups agree: shares between 0 and 1, None where there is nothing to judge.

    `biggest_cluster` are the members of the biggest group found, `biggest_true` of the biggest true one.
    """

    pair_precision: Share
    pair_recall: Share
    pair_f1: Share
    b_cubed_precision: Share
    b_cubed_recall: Share
    b_cubed_f1: Share
    exact_share: Share
    adjusted_rand: Share
    biggest_cluster: int
    biggest_true: int


def home_figures(overlap: Overlap) -> HomeFigures:
    """All figures of groups."""
    precision, recall = pair_shares(overlap)
    own_precision, own_recall = b_cubed(overlap)
    return HomeFigures(
        pair_precision=precision,
        pair_recall=recall,
        pair_f1=f1(precision, recall),
        b_cubed_precision=own_precision,
        b_cubed_recall=own_recall,
        b_cubed_f1=f1(own_precision, own_recall),
        exact_share=exact_share(overlap),
        adjusted_rand=adjusted_rand(overlap),
        biggest_cluster=overlap.biggest,
        biggest_true=overlap.biggest_true,
    )


def pair_shares(overlap: Overlap) -> tuple[Share, Share]:
    """Precision and recall of the pairs that share a label."""
    right = int((overlap.shared - 1).sum())
    return share(right, int((overlap.found_size - 1).sum())), share(right, int((overlap.true_size - 1).sum()))


def b_cubed(overlap: Overlap) -> tuple[Share, Share]:
    """B-cubed precision and recall, the mean over true groups of their members' own shares.

    A member's precision is the share of its found group (itself included) that truly belongs with it; its recall the
    share of its true group that was found.
    """
    weight = 1 / overlap.true_size
    precision = float((overlap.shared / overlap.found_size * weight).sum())
    recall = float((overlap.shared / overlap.true_size * weight).sum())
    return share(precision, overlap.groups), share(recall, overlap.groups)


def exact_share(overlap: Overlap) -> Share:
    """The share of true groups that were found with all their members and nobody else."""
    exact = (overlap.shared == overlap.found_size) & (overlap.shared == overlap.true_size)
    return share(_whole(1 / overlap.true_size[exact]), overlap.groups)


def adjusted_rand(overlap: Overlap) -> Share:
    """Hubert and Arabie's index: 1 where both agree on every pair, about 0 where they agree as by chance.

    It may fall below 0. Of some members alone it looks at the pairs among them.
    """
    count = len(overlap)
    if count < 2:
        return None
    both = _pairs(sizes(_crossed(overlap.found, overlap.true)))
    found, true = _pairs(sizes(overlap.found)), _pairs(sizes(overlap.true))
    expected = found * true / (count * (count - 1) // 2)
    highest = (found + true) / 2
    return 1.0 if highest == expected else (both - expected) / (highest - expected)


def f1(precision: Share, recall: Share) -> Share:
    """The harmonic mean; None where either is."""
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def share(part: float, whole: float) -> Share:
    """Part of a whole; None of nothing."""
    return part / whole if whole else None


def mean(right: Flags) -> Share:
    """The share of what is right."""
    return share(int(right.sum()), len(right))


def sizes(labels: Labels) -> Labels:
    """How many members each label has."""
    return np.bincount(labels)


def _crossed(found: Labels, true: Labels) -> Labels:
    both = found * (true.max(initial=0) + 1) + true
    return np.unique(both, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _pairs(sizes: Labels) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _whole(shares: npt.NDArray[np.float64]) -> int:
    return round(float(shares.sum()))

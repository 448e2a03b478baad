"""What do the judged rows come to? Reads them; returns figures, of all or of one kind of household.

After: `clusters`, `line_agreement`, `role_agreement`, `offnet_agreement`; before: `score`, which gathers the rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hogar.evidence.clusters import HomeFigures, Labels, Overlap, Share, home_figures, mean
from hogar.evidence.line_agreement import LineRows
from hogar.evidence.offnet_agreement import OffnetRows
from hogar.evidence.role_agreement import RoleFigures, RoleRows, macro_f1, role_figures


@dataclass(frozen=True, kw_only=True)
class Figures(HomeFigures):
    """Shares between 0 and 1, and counts of what they are shares of; None where there is nothing to judge.

    `judged` are the persons (or parties), `households` their true homes. `role_gain_over_holder` is by how much the
    roles' macro-F1 is above that of "the holder does everything".
    """

    judged: int
    households: int
    lines_judged: int | None
    line_user_accuracy: Share
    persons_judged: int | None
    role_macro_f1: Share
    role_macro_f1_holder: Share
    role_gain_over_holder: Share
    roles: tuple[RoleFigures, ...]
    offnet_stated: int | None
    offnet_heard: int | None
    offnet_precision: Share
    offnet_recall: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Everything that is judged, row by row; with -1 for nobody and nowhere, which stands last in both columns."""

    overlap: Overlap
    lines: LineRows | None
    roles: RoleRows | None
    offnet: OffnetRows | None
    home_of_person: Labels
    kind_of_home: Labels

    def of_kind(self, kind: int) -> Judged:
        """Who and what belongs to homes of one kind."""
        of_home, lines, roles, offnet = self.kind_of_home == kind, self.lines, self.roles, self.offnet
        of_person = of_home[self.home_of_person]
        return replace(
            self,
            overlap=self.overlap.where(of_home[self.overlap.true]),
            lines=lines and lines.where(of_person[lines.user]),
            roles=roles and roles.where(of_person[roles.person]),
            offnet=offnet and offnet.where(of_home),
        )

    def figures(self) -> Figures:
        """The figures of these rows."""
        overlap, lines, offnet = self.overlap, self.lines, self.offnet
        roles = role_figures(self.roles) if self.roles else ()
        macro, macro_holder = macro_f1(roles), macro_f1(roles, holder=True)
        return Figures(
            judged=len(overlap),
            households=overlap.groups,
            **vars(home_figures(overlap)),
            lines_judged=None if lines is None else len(lines.right),
            line_user_accuracy=None if lines is None else mean(lines.right),
            persons_judged=None if self.roles is None else len(self.roles.person),
            role_macro_f1=macro,
            role_macro_f1_holder=macro_holder,
            role_gain_over_holder=None if macro is None or macro_holder is None else macro - macro_holder,
            roles=roles,
            offnet_stated=None if offnet is None else len(offnet.stated_right),
            offnet_heard=None if offnet is None or offnet.found is None else len(offnet.found),
            offnet_precision=None if offnet is None else mean(offnet.stated_right),
            offnet_recall=None if offnet is None or offnet.found is None else mean(offnet.found),
        )

"""Which use cases can start with the data there is? Needs by lineage, held against what the last build knew.

`readiness` reads a project and, where it has been built, the finished steps; it returns a `Readiness`: each use case
`Ready` or not, each need `Judged`, and what the next source would add. Works before a build too: then it says what
cannot be known yet.

Reading order: `judging`, `report`, `needs`, `subjects`, `next`. Neighbours: `catalogue` has the cards, `cli.readiness`
shows it.
"""

from hogar.build.readiness.judging import readiness
from hogar.build.readiness.needs import about, needs_of
from hogar.build.readiness.report import GOOD, Judged, Next, Readiness, Ready

__all__ = ["GOOD", "Judged", "Next", "Readiness", "Ready", "about", "needs_of", "readiness"]

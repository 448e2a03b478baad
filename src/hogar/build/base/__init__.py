"""Who of the customers we have would ever hear each action? Findings that only the published base can show.

`base_findings` decides for the first households by id with the kernel that is used in earnest and returns a `Base`: how
much was looked at, warnings with their places, and what could not be judged. Writes nothing; uses no chance.

Reading order: `findings`, `tally`, `verdicts`. Neighbours: `strategy.lint` finds what the files alone show, `check`
tells both.
"""

from hogar.build.base.findings import SAMPLE, Base, base_findings

__all__ = ["SAMPLE", "Base", "base_findings"]

"""What if another strategy were live? The whole published base decided under both, nothing written, nobody contacted.

`under` puts what is `Tried` (objective, levers, prices) over a kept strategy; `whatif` compares it with another, as a
`Question` asks (mode, channels, campaign, groups), by as many processes as pay. It returns a `WhatifReport` and hands
the households that would hear something else to a `changes_file`; `picture` draws the report.

Reading order: `tried`, `asking`, `comparison`, `task`, `groupings`, `counts`, `tally`, `report`, `picture`,
`changes`. Reads through `gather` like every mode. Neighbours: `strategies` makes one live, `replay_many` proves what
was decided.
"""

from hogar.runtime.whatif.asking import Question
from hogar.runtime.whatif.changes import changes_file, checked
from hogar.runtime.whatif.comparison import whatif
from hogar.runtime.whatif.picture import picture
from hogar.runtime.whatif.report import Expected, WhatifReport
from hogar.runtime.whatif.tried import Tried, under

__all__ = [
    "Expected",
    "Question",
    "Tried",
    "WhatifReport",
    "changes_file",
    "checked",
    "picture",
    "under",
    "whatif",
]

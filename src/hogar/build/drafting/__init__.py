"""How does a project begin from an operator's own extracts? Profiled, matched, drafted as sources that run.

`draft_project` reads the files of a folder and writes a project; it returns a `DraftedProject` that says what was found
and what is missing. Nothing of a person is written.

Reading order: `project`, `profile` (by `sample` and `patterns`), `match` (by `fit`, `words` and words.toml), `sql` (by
`values`), `report`; `spelling` writes names that come from outside.
Neighbours: `sources` runs what is drafted, `readiness` says what it is good for.
"""

from hogar.build.drafting.project import DraftedProject, draft_project

__all__ = ["DraftedProject", "draft_project"]

"""What is stale, and what has to run next? The chain from silos to a published strategy.

`Work` says what is built: the project's files, the state over a data folder, now. Each step reads the finished
folders of the steps before it and writes one of its own, named by a fingerprint of all it depends on; a step
whose fingerprint is finished already is not done again. `check` finds every problem in a project, `new_project`
starts one. Families with a door of their own: `profile` (what is published), `base` (who would hear an action),
`catalogue` (what is known), `readiness` (which use cases can start), `drafting` (a project from extracts).
Below: `sources`, `households`, `features`, `models`, `strategy`, `stores`. Above: `app`, `cli`.
"""

from hogar.build.base import SAMPLE
from hogar.build.catalogue import Card, Described, catalogue_page, describe
from hogar.build.check import Checked, OnBase, check
from hogar.build.drafting import DraftedProject, draft_project
from hogar.build.preview import OwnStrategy, offers_of, own_strategy
from hogar.build.project import new_project
from hogar.build.publish import compiled_files, newest_profile, profile_folder, publish
from hogar.build.readiness import Readiness, Ready, readiness
from hogar.build.schemas import FOLDER as SCHEMAS_FOLDER
from hogar.build.schemas import KINDS, FileKind, schemas, write_schemas
from hogar.build.steps import STEPS, features, ingest, resolve, run, train, write_membership, write_questions
from hogar.build.work import Progress, StepResult, Work

__all__ = [
    "KINDS",
    "SAMPLE",
    "SCHEMAS_FOLDER",
    "STEPS",
    "Card",
    "Checked",
    "Described",
    "DraftedProject",
    "FileKind",
    "OnBase",
    "OwnStrategy",
    "Progress",
    "Readiness",
    "Ready",
    "StepResult",
    "Work",
    "catalogue_page",
    "check",
    "compiled_files",
    "describe",
    "draft_project",
    "features",
    "ingest",
    "new_project",
    "newest_profile",
    "offers_of",
    "own_strategy",
    "profile_folder",
    "publish",
    "readiness",
    "resolve",
    "run",
    "schemas",
    "train",
    "write_membership",
    "write_questions",
    "write_schemas",
]

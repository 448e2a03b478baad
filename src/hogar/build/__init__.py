"""What is stale, and what has to run next? The chain from silos to a published strategy.

`Work` says what is built: the project's files, the state over a data folder, now. Each step reads the finished
folders of the steps before it and writes one of its own, named by a fingerprint of all it depends on; a step
whose fingerprint is finished already is not done again. `check` finds every problem in a project, `new_project`
starts one. Below: `sources`, `households`, `features`, `models`, `strategy`, `stores`. Above: `app`, `cli`.
"""

from hogar.build.check import Checked, check
from hogar.build.project import new_project
from hogar.build.publish import profile_folder, publish
from hogar.build.steps import STEPS, features, ingest, resolve, run, train, write_membership, write_questions
from hogar.build.work import Progress, StepResult, Work

__all__ = [
    "STEPS",
    "Checked",
    "Progress",
    "StepResult",
    "Work",
    "check",
    "features",
    "ingest",
    "new_project",
    "profile_folder",
    "publish",
    "resolve",
    "run",
    "train",
    "write_membership",
    "write_questions",
]

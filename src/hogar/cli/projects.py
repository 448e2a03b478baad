"""`hogar new` and `hogar check`: start a project, and find every problem in one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hogar import build, households
from hogar.app import judgements_problem, now_of, read_settings, work_of
from hogar.cli.options import HERE, Json, Now, Project
from hogar.cli.output import GOOD, PROBLEMS, Output, plainly, problem_as_data, show_problems
from hogar.cli.twin_files import default_params, write_market
from hogar.errors import Problem, ProblemsFound
from hogar.twin import generate

SAMPLE_PERSONS, SAMPLE_SEED = 300, 1


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("new")(new)
    app.command("check")(check)


def new(
    folder: Annotated[Path, typer.Argument(metavar="D", help="The new project's folder.")],
    template: Annotated[str, typer.Option("--template", help="What to start from.")] = "acme",
    json: Json = False,
) -> None:
    """Start a project in a new folder.

    Commented files to change, and a small made-up market so that it builds. Replace data/ by your own
    extracts and sources/*.sql by your own mappings; `hogar check` guides you.
    """
    output = Output(json=json)
    files = build.new_project(folder, template=template)
    market = generate(SAMPLE_PERSONS, SAMPLE_SEED, default_params())
    write_market(market, folder, output.progress)
    output.say(
        f"{plainly(folder)}: a project with {len(files)} files and a made-up market of {SAMPLE_PERSONS} persons "
        "in data/"
    )
    output.say(f"next: hogar build --project {plainly(folder)}")
    output.result({"project": str(folder), "files": files, "persons": SAMPLE_PERSONS})


def check(project: Project = HERE, now: Now = None, json: Json = False) -> None:
    """Find every problem in the project at once.

    Each as file:line:column, what is wrong, and how to mend it. Looks at settings, sources, features, models,
    strategy and the file of judgements, and runs the authors' own cases in tests/. Offer ids are checked once
    the data has been ingested.
    """
    output = Output(json=json)
    problems: tuple[Problem, ...] = ()
    try:
        settings = read_settings(project)
        work = work_of(settings, now=now_of(settings, now))
        ingested = work.state.current("ingest")
        missing = judgements_problem(settings)
        problems = (missing,) if missing else households.check_judgements(work.judgements)
    except ProblemsFound as found:
        problems, ingested = found.problems, None
    checked = build.check(project, ingested=ingested)
    problems = tuple(sorted({*problems, *checked.problems}))
    if problems:
        show_problems(problems)
    else:
        output.say(f"{checked.files} files and {checked.cases} cases of the authors' own: no problem")
    output.result(
        {"files": checked.files, "cases": checked.cases, "problems": [problem_as_data(p) for p in problems]}
    )
    raise typer.Exit(PROBLEMS if problems else GOOD)

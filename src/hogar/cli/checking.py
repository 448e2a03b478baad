"""`hogar check`: find every problem in a project, and what compiles but cannot be meant."""

from __future__ import annotations

from typing import Annotated

import typer

from hogar import build, households
from hogar.app import Settings, judgements_problem, now_of, read_settings, work_of
from hogar.build import Checked, OnBase, Work
from hogar.cli.options import HERE, Json, Now, Project
from hogar.cli.output import GOOD, PROBLEMS, Output, problem_as_data, show_problems, show_warnings
from hogar.errors import Problem, ProblemsFound

SAMPLE = build.SAMPLE


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    project: Project = HERE,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 where there are warnings, too.")
    ] = False,
    case: Annotated[
        str | None,
        typer.Option("--case", metavar="NAME", help="Run this one of the authors' own cases alone."),
    ] = None,
    no_base: Annotated[
        bool, typer.Option("--no-base", help="Leave out what only the published customers show.")
    ] = False,
    sample: Annotated[
        int, typer.Option("--sample", metavar="N", min=1, help="Look at the first N households of them.")
    ] = SAMPLE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Find every problem in the project at once.

    Each as file:line:column, what is wrong, and how to mend it. Looks at settings, sources, features, models,
    strategy and the file of judgements, and runs the authors' own cases in tests/. Offer ids are checked once
    the data has been ingested. Warnings stand apart: conditions that contradict each other, actions that never
    win, policies that fight; and over the published customers, who would never qualify and who never wins.

    Thin: what waits for an event cannot be judged on the customers, since there is no event.
    """
    output = Output(json=json)
    problems, work = _settings(project, now)
    checked = build.check(
        project, ingested=None if work is None else work.state.current("ingest"), case=case,
        on_base=None if no_base else _on_base(work, sample, output),
    )  # fmt: skip
    problems = tuple(sorted({*problems, *checked.problems}))
    if problems:
        show_problems(problems, then="")
    if checked.warnings:
        show_warnings(checked.warnings)
    _say(output, checked, sound=not problems)
    households_seen = 0 if checked.base is None else checked.base.households
    output.result(
        {
            "files": checked.files, "cases": checked.cases, "households": households_seen,
            "problems": [problem_as_data(problem) for problem in problems],
            "warnings": [problem_as_data(warning) for warning in checked.warnings],
        }
    )  # fmt: skip
    raise typer.Exit(PROBLEMS if problems or (strict and checked.warnings) else GOOD)


def _settings(project: Project, now: Now) -> tuple[tuple[Problem, ...], Work | None]:
    """The problems of the settings and of the judgements, and the work where the settings are right."""
    try:
        settings: Settings = read_settings(project)
        work = work_of(settings, now=now_of(settings, now))
    except ProblemsFound as found:
        return found.problems, None
    missing = judgements_problem(settings)
    try:
        return ((missing,) if missing else tuple(households.check_judgements(work.judgements))), work
    except ProblemsFound as found:
        return found.problems, work


def _on_base(work: Work | None, sample: int, output: Output) -> OnBase | None:
    """The published customers; None where nothing has been published."""
    profiles = None if work is None else work.state.current("publish")
    if work is None or profiles is None:
        return None
    return OnBase(profiles=profiles, now=work.now, sample=sample, progress=output.progress)


def _say(output: Output, checked: Checked, *, sound: bool) -> None:
    looked = f"{checked.files} files and {checked.cases} case{'s' * (checked.cases != 1)} of the authors' own"
    if checked.base is not None and checked.base.households:
        looked += f", over {checked.base.households:,} households"
    if sound:
        output.say(f"{looked}: no problem" + (f", {_count(checked)}" if checked.warnings else ""))
    if checked.base is not None and checked.base.because:
        output.say(f"[dim]the customers were not looked at: {checked.base.because}[/]")
    if checked.base is not None and checked.base.unjudged:
        waiting = ", ".join(checked.base.unjudged)
        output.say(f"[dim]what waits for an event cannot be judged on the customers: {waiting}[/]")


def _count(checked: Checked) -> str:
    return f"{len(checked.warnings)} warning{'s' * (len(checked.warnings) != 1)}"

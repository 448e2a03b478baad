"""`hogar ingest`, `resolve`, `features`, `train`, `publish` and `build`: silos to what decisions read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from hogar import build
from hogar.app import Settings, judgements_problem, now_of, read_settings, work_of
from hogar.build import StepResult, Work
from hogar.cli import catalogue
from hogar.cli.options import HERE, Data, Json, Now, Project
from hogar.cli.output import Output, plainly, warn
from hogar.errors import ProblemsFound, UsageError
from hogar.evidence.agreement import agreement

REASONS_SHOWN_MAX = 4
QUARANTINED_MUCH = 0.2
"""The share of a file's records in quarantine from which a mapping is more likely wrong than the file."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (build_all, ingest, resolve, features, train):
        app.command("build" if command is build_all else command.__name__)(command)


def build_all(project: Project = HERE, data: Data = None, now: Now = None, json: Json = False) -> None:
    """Do all five steps, from silos to what decisions read.

    Runs ingest, resolve, features, train and publish; only what changed is done again. A killed or failed build
    leaves what was published before, and the next one goes on where it stopped.
    """
    output, _, work = opened_work(project, data, now, json)
    results = build.run(work, lambda result: show(output, result))
    output.result({result.step: result.report for result in results})


def ingest(project: Project = HERE, data: Data = None, now: Now = None, json: Json = False) -> None:
    """Step 1: silos to canonical tables, each row checked.

    Every file of the data folder is staged, then mapped by sources/*.sql. A row that breaks a rule goes to
    quarantine with its reason, file and row. For each file read = accepted + quarantined + left out; a second
    run over the same files changes nothing.
    """
    _one(build.ingest, project, data, now, json)


def resolve(
    project: Project = HERE,
    data: Data = None,
    now: Now = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Also write record_id, household_id, probability for every source record (Parquet)."
        ),
    ] = None,
    ask: Annotated[
        int | None,
        typer.Option("--ask", min=1, help="Write the N pairs that are most useful to judge to --questions."),
    ] = None,
    questions: Annotated[
        Path, typer.Option("--questions", help="Where --ask writes its CSV; filled in, it is `judgements`.")
    ] = Path("questions.csv"),
    anew: Annotated[
        bool,
        typer.Option("--anew", help="Forget the resolution before: ids, events and history begin again."),
    ] = False,
    frozen: Annotated[
        bool, typer.Option("--frozen", help="Learn nothing: take the models of the resolution before.")
    ] = False,
    explain_steps: Annotated[
        bool, typer.Option("--explain-steps", help="Show each step's table, rows and seconds.")
    ] = False,
    json: Json = False,
) -> None:
    """Step 2: canonical tables to persons, households and roles.

    Households that go on keep their ids; what changed since the resolution before is kept as events and history.
    Where hogar.toml names a [truth] table, the stored result is then compared with it.

    Thin: names and addresses of Spain and the USA; no operator has judged its own households yet.
    """
    output, settings, work = opened_work(project, data, now, json)
    result = build.resolve(work, frozen, anew)
    show(output, result)
    if frozen and not result.fresh:
        output.say("          [dim]nothing changed: the version there is stands, be it learnt or frozen[/]")
    remember(work, data)
    report = dict(result.report)
    if report["history_lost"]:
        warn(
            "files of the resolution before were lost or damaged: ids of households and their history begin again"
        )
    if explain_steps:
        output.table(
            "Steps",
            ("table", ">rows", ">seconds"),
            ((step["name"], f"{step['rows']:,}", f"{step['seconds']:.2f}") for step in report["steps"]),
        )
    if ask is not None:
        asked = build.write_questions(work, ask, questions)
        output.say(
            plainly(
                f"{questions}: {asked:,} pairs to judge; fill in `together` and `rater`, lay the file into {project}, "
                f'and name it in hogar.toml: judgements = "{questions.name}" under [households]'
            )
        )
        report["questions"] = str(questions)
    if out is not None:
        rows = build.write_membership(work, out)
        output.say(f"{plainly(out)}: {rows:,} records with their household")
        report["out"] = str(out)
    if settings.truth_membership:
        truth = project / settings.truth_membership
        if not truth.is_file():
            raise UsageError(
                f"{truth}: [truth] membership of hogar.toml names no file; leave it out, or mend it"
            )
        found = agreement(work.current("resolve"), truth)
        report["truth"] = {
            "pair_precision": found.pair_precision, "pair_recall": found.pair_recall, "pair_f1": found.pair_f1,
            "b_cubed_f1": found.b_cubed_f1, "exact_share": found.exact_share,
        }  # fmt: skip
        output.say(
            "against the truth: "
            + ", ".join(f"{name} {value:.3f}" for name, value in report["truth"].items() if value is not None)
        )
    output.result(report)


def features(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="With --describe: one feature, or household, person or line."),
    ] = None,
    describe: Annotated[
        bool, typer.Option("--describe", help="Compute nothing: tell what each feature is and is made of.")
    ] = False,
    markdown: Annotated[
        Path | None,
        typer.Option("--markdown", help="Compute nothing: write the catalogue's page to this file."),
    ] = None,
    project: Project = HERE,
    data: Data = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Step 3: what is known of homes, persons and lines as numbers.

    Runs features/*.sql as of today, and works out what each offer would mean to whom: owned, deliverable, its
    price for the same use. With --describe the catalogue instead: unit, purpose, whose data, owner, freshness,
    and the columns of canonical tables and silos that each is made of.

    Topics of which nothing changed are taken over from the run before.
    """
    if describe or markdown is not None:
        catalogue.describe(Output(json=json), project, data, now, name, markdown)
        return
    if name is not None:
        raise UsageError(f"`{name}`: a name goes with --describe; `hogar features` computes all of them")
    _one(build.features, project, data, now, json)


def train(project: Project = HERE, data: Data = None, now: Now = None, json: Json = False) -> None:
    """Step 4: features and history to models and scores.

    Each model's AUC comes from data that it was not fitted on; one with too little to learn from is absent,
    and says so.

    Thin: churn and the like by models/*.yml; uplift, value over a lifetime and adaptive models come later.
    """
    _one(build.train, project, data, now, json)


def _one(step: Callable[[Work], StepResult], project: Path, data: Path | None, now: Any, json: bool) -> None:
    output, _, work = opened_work(project, data, now, json)
    result = step(work)
    show(output, result)
    remember(work, data)
    output.result(result.report)


def remember(work: Work, data: Path | None) -> None:
    """From now on other commands work over this data folder: it was named, and the step over it went well."""
    if data is not None:
        work.state.remember_data()


def opened_work(project: Path, data: Path | None, now: Any, json: bool) -> tuple[Output, Settings, Work]:
    """What a step works on: where it speaks, the settings, the work; with a warning where the ledger is lost."""
    output = Output(json=json)
    settings = read_settings(project)
    if data is not None and not data.is_dir():
        raise UsageError(f"{data}: there is no such folder; --data names the folder of the silos' extracts")
    missing = judgements_problem(settings)
    if missing is not None:
        raise ProblemsFound([missing])
    work = work_of(settings, data=data, now=now_of(settings, now), progress=output.progress)
    if work.state.ledger_lost:
        warn(
            f"{work.state.ledger_path} is gone or empty: contacts, caps and decisions of before are not known any "
            "more, and people may be contacted again; restore it before you publish, or go on knowingly"
        )
    return output, settings, work


def show(output: Output, result: StepResult) -> None:
    """One line for people on what a step came to."""
    words = plainly(_WORDS[result.step](result.report))
    output.say(
        f"[bold]{result.step:<9}[/] {words}  [dim]{result.seconds:.1f} s{'' if result.fresh else ', done before'}[/]"
    )
    judged = result.report.get("judgements", {}) if result.step == "resolve" else {}
    if judged.get("stale"):
        output.say(
            f"          [yellow]{judged['stale']:,} of {judged['answered']:,} judgements no longer apply:[/] "
            "somebody named in them is gone, or both are one person now"
        )
    if judged.get("disputed"):
        output.say(
            f"          [dim]raters dispute {judged['disputed']:,} judged pairs: they count as unsure[/]"
        )
    if result.step == "ingest":
        _show_quarantine(output, result.report)


def _show_quarantine(output: Output, report: dict[str, Any]) -> None:
    """The most frequent reasons, each with its table and file; in yellow where much of a file is gone."""
    read = {file["file"]: file["read"] for file in report.get("files", [])}
    found = report.get("quarantined", [])
    for one in found[:REASONS_SHOWN_MAX]:
        share = one["rows"] / max(1, read.get(one["file"], 0))
        much = share >= QUARANTINED_MUCH
        where = f"{one['table']} from {one['file']}" if one["table"] else one["file"]
        words = f"quarantined {one['rows']:>7,} × {plainly(one['reason'])}, {plainly(where)}"
        if much:
            source = f"sources/{one['table']}.sql" if one["table"] else "hogar.toml"
            words += f": {100 * min(share, 1.0):.0f} % of it; look at {source}"
        output.say(f"          [{'yellow' if much else 'dim'}]{words}[/]")
    if rest := found[REASONS_SHOWN_MAX:]:
        left = sum(one["rows"] for one in rest)
        output.say(f"          [dim]quarantined {left:>7,} for {len(rest)} other reasons[/]")


def _ingest_words(report: dict[str, Any]) -> str:
    files = report.get("files", [])
    read, accepted = sum(f["read"] for f in files), sum(f["accepted"] for f in files)
    quarantined, left_out = sum(f["quarantined"] for f in files), sum(f["left_out"] for f in files)
    return (
        f"{len(files)} files, {read:,} records read = {accepted:,} accepted + {quarantined:,} quarantined"
        f" + {left_out:,} left out; {len([t for t, n in report.get('tables', {}).items() if n])} tables"
    )


def _resolve_words(report: dict[str, Any]) -> str:
    return (
        f"{report['parties']:,} records of parties → {report['persons']:,} persons → "
        f"{report['households']:,} households, the biggest of {report['biggest']}"
        + (f"; {report['judged']:,} judged pairs" if report.get("judged") else "")
        + "".join(f"; {count:,} {kind.replace('_', ' ')}" for kind, count in report.get("events", {}).items())
    )


def _features_words(report: dict[str, Any]) -> str:
    return ", ".join(f"{value:,} {name}" for name, value in report.items() if isinstance(value, int))


def _train_words(report: dict[str, Any]) -> str:
    models = report.get("models", {})
    return "; ".join(
        f"{name}: AUC {m['auc']:.3f} ({m['auc_low']:.3f}-{m['auc_high']:.3f})" if m.get("auc") is not None
        else f"{name}: absent, {m['absent']}"
        for name, m in models.items()
    ) or "no models"  # fmt: skip


def _publish_words(report: dict[str, Any]) -> str:
    what: str = f"{report['actions']} actions, {report['households']:,} households; strategy {report['strategy'][:12]}"
    what += " under what is set at run time" * report["controls"]
    if report["state"] == "live":
        return what
    stays = f"{report['live'][:12]} stays live" if report["live"] else "nothing is live yet"
    known = "" if report["profile_live"] else f", over the profile version before: {report['because']}"
    return f"{what} is proposed: `hogar approve {report['strategy'][:12]}`; {stays}{known * bool(report['live'])}"


_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "ingest": _ingest_words,
    "resolve": _resolve_words,
    "features": _features_words,
    "train": _train_words,
    "publish": _publish_words,
}

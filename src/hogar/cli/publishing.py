"""`hogar publish`, `strategies`, `diff`, `approve`, `reject` and `rollback`: which strategy decides, by whose word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

import msgspec
import typer

from hogar import build
from hogar.app import author_of, now_of, opened, read_settings, work_of
from hogar.build import Work
from hogar.cli.building import opened_work, remember, show
from hogar.cli.options import HERE, By, Data, Json, MustWhy, Now, Project, Why
from hogar.cli.output import Output, clock_of, minute_of, plainly
from hogar.runtime.engine import Engine
from hogar.runtime.strategies import comparing, publishing, reviews, standing
from hogar.runtime.strategies.comparing import FILES, LIVE, Difference, NotUnderstood
from hogar.strategy.diff import Side

SHOWN_MAX = 30
Hash = Annotated[str, typer.Argument(metavar="HASH", help="A strategy's hash, or how it begins.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (publish, strategies, diff, approve, reject, rollback):
        app.command(command.__name__)(command)


def publish(
    project: Project = HERE,
    data: Data = None,
    why: Why = "",
    by: By = None,
    propose: Annotated[
        bool, typer.Option("--propose", help="Make nothing live: somebody approves it first.")
    ] = False,
    now: Now = None,
    json: Json = False,
) -> None:
    """Step 5: make profiles and strategy live, together; or propose.

    Nothing is published while a problem stands. What is different from what is live is said first. Where hogar.toml
    asks for two people ([publish] approvals = 2), the strategy waits for `hogar approve`; the one that is live goes
    on, over the new profiles if it fits them.

    Thin: who you are is what the system and --by say. Without an identity provider, four eyes are an agreement.
    """
    output, _, work = opened_work(project, data, now, json)
    work = replace(work, author=author_of(by), why=why, propose=propose)
    if work.state.ledger_path.exists() and not work.state.ledger_lost:
        with opened(project, now) as engine:
            if "strategy" in engine.ledger.pointers():
                _tell_from_live(output, engine, _files(work))
    result = build.publish(work)
    show(output, result)
    remember(work, data)
    output.result(result.report)


def strategies(project: Project = HERE, now: Now = None, json: Json = False) -> None:
    """List every strategy: published, proposed or rejected.

    When, by whom, why; the newest comes first. `clock` is the machine's, where the project calls another moment now.
    A strategy is named by the hash of its texts and of the features that
    it is typed by, and is never changed.
    """
    output = Output(json=json)
    with opened(project, now) as engine:
        found = standing.strategies(engine)
    output.table(
        "", ("strategy", "state", "when", "clock", "by", "proposed", "approved", "why"),
        (
            (
                one.hash[:12], one.state, minute_of(one.live_at or one.at),
                clock_of(one.clock, one.live_at or one.at), one.by, one.proposed_by or "",
                one.approved_by or "", one.why,
            )
            for one in found.strategies
        ),
    )  # fmt: skip
    output.result(found)


def diff(
    a: Annotated[
        str, typer.Argument(metavar="A", help="The old one: a hash, how it begins, `live` or `files`.")
    ] = LIVE,
    b: Annotated[str, typer.Argument(metavar="B", help="The new one, named alike.")] = FILES,
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Tell what differs between two strategies, in words.

    Each difference with file and line. Left out, the live strategy is compared with the project's files, as
    `hogar publish` would make them live. Comments and layout are no difference. Then what follows for decisions:
    whose data actions rest on, their weight and cost.
    """
    output = Output(json=json)
    settings = read_settings(project)
    with opened(project, now) as engine:
        work = work_of(settings, now=now_of(settings, now))
        before, after = (
            _files(work) if name == FILES else comparing.kept_side(engine, name) for name in (a, b)
        )
    found = comparing.compare(before, after)
    tell(output, found, shown_max=None)
    output.result(found)


def approve(
    hash: Hash, why: MustWhy, by: By = None, project: Project = HERE, now: Now = None, json: Json = False
) -> None:
    """Make a proposed strategy live, as a second person.

    What is different from what is live is said first. What was switched beside it since it was proposed (an objective,
    a lever) stays. Refused where it no longer compiles or fits the profiles, with the reason.
    """
    output, author = Output(json=json), author_of(by)
    with opened(project, now) as engine:
        if "strategy" in engine.ledger.pointers():
            made = reviews.proposed(engine, hash, author=author, why=why)
            _tell_from_live(
                output, engine, comparing.side_of(made.row, made.published.kernel.strategy), shown_max=None
            )
        done = reviews.approve(engine, hash, author=author, why=why)
    output.say(f"strategy {done.strategy[:12]} is live, approved by {plainly(author)}")
    output.result(done)


def reject(
    hash: Hash, why: MustWhy, by: By = None, project: Project = HERE, now: Now = None, json: Json = False
) -> None:
    """Refuse a proposed strategy; what is live stays.

    The same files can be proposed again by `hogar publish`.
    """
    output, author = Output(json=json), author_of(by)
    with opened(project, now) as engine:
        done = reviews.reject(engine, hash, author=author, why=why)
    output.say(f"strategy {done.hash[:12]} is rejected by {plainly(author)}")
    output.result(done)


def rollback(
    why: MustWhy,
    hash: Annotated[
        str | None,
        typer.Argument(
            metavar="[HASH]", help="Exactly this one; left out, the files of the publication before."
        ),
    ] = None,
    its_profile: Annotated[
        bool,
        typer.Option("--its-profile", help="Also go back to the profile version that it ran with last."),
    ] = False,
    by: By = None,
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Make the files before, or a strategy named, live again.

    What is different from what is live is said first. Nothing is built. It was live once, so nobody has to approve it.
    Left out, what is set at run time stays as it is; with a hash, it is as it was then. It goes on over today's
    profiles; where it does not fit them any more, what is missing is said, and whether the profile version that it ran
    with is still whole.
    """
    output, author = Output(json=json), author_of(by)
    with opened(project, now) as engine:
        back = publishing.way_back(engine, hash, author=author, why=why, its_profile=its_profile)
        new = comparing.side_of(back.ready.row, back.ready.published.kernel.strategy)
        _tell_from_live(output, engine, new, shown_max=None)
        done = publishing.go_back(engine, back, author=author, why=why)
    output.say(f"strategy {done.strategy[:12]} is live, over profile version {done.profile[:12]}")
    output.say(
        f"the files are those of {back.to[:12]}; what is set at run time stays as it is"
        if back.keeps
        else "what is set at run time is as it was then; `hogar set` shows it"
    )
    output.result({**msgspec.structs.asdict(done), "controls_kept": back.keeps})


def tell(output: Output, found: Difference, shown_max: int | None = SHOWN_MAX) -> None:
    """Say what is different, and what follows from it."""
    if found.before == found.after:
        output.say("the same strategy")
        return
    output.say(f"from {found.before[:12]} to {found.after[:12]}:")
    lines = [f"  {plainly(one.words)}  [dim]{one.place or ''}[/]" for one in found.changes]
    lines += [f"  [dim]so[/] {plainly(one.words)}" for one in found.effects]
    _listed(output, lines or ["  only comments or layout"], shown_max)


def _tell_from_live(output: Output, engine: Engine, new: Side, shown_max: int | None = SHOWN_MAX) -> None:
    """What would be different from what is live; that this cannot be said is no reason not to go on."""
    try:
        tell(output, comparing.compare(comparing.kept_side(engine, LIVE), new), shown_max)
    except NotUnderstood as error:
        output.say(plainly(error))


def _listed(output: Output, lines: Iterable[str], shown_max: int | None) -> None:
    found = list(lines)
    for line in found[:shown_max]:
        output.say(line)
    if shown_max is not None and len(found) > shown_max:
        output.say(f"  ... and {len(found) - shown_max} more: `hogar diff` has all")


def _files(work: Work) -> Side:
    """The project's files as they would be published, to be compared."""
    compiled = build.compiled_files(work)
    return comparing.side_of(compiled.row, compiled.strategy)

"""`hogar readiness`: which use cases can start with the data there is, and what the next source would add."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from hogar import build
from hogar.app import now_of, read_settings, work_of
from hogar.build import Readiness, Ready
from hogar.build.readiness import GOOD, Judged, Next
from hogar.cli.options import HERE, Data, Json, Now, Project
from hogar.cli.output import Output, plainly
from hogar.errors import UsageError, did_you_mean

STATES = {
    "ready": "[green]ready[/]",
    "ready_with_fallback": "[yellow]ready with fallback[/]",
    "not_ready": "[red]not ready[/]",
    "not_known": "not known yet",
}
NEXT_SHOWN_MAX = 10
OFFERS_SHOWN_MAX = 4


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("readiness")(readiness)


def readiness(
    usecase: Annotated[
        str | None, typer.Argument(metavar="[USECASE]", help="One use case, with all its needs.")
    ] = None,
    project: Project = HERE,
    data: Data = None,
    now: Now = None,
    json: Json = False,
) -> None:
    """Hold each use case's needs against the data there is.

    What a use case needs follows from what its actions ask: features, scores, tables, silos. For each: is it there,
    of how many is it known, how old is it, who owns it. Then: what would still run, and what the next source would add.
    Before a build it says what cannot be known yet.
    """
    output = Output(json=json)
    settings = read_settings(project)
    found = build.readiness(work_of(settings, data=data, now=now_of(settings, now), progress=output.progress))
    chosen = [one for one in found.use_cases if usecase in (None, one.key)]
    if usecase is not None and not chosen:
        known = [one.key for one in found.use_cases]
        raise UsageError(
            f"`{usecase}` is not a use case; {did_you_mean(usecase, known) or 'see strategy/usecases/'}"
        )
    for one in chosen:
        _say(output, one, whole=usecase is not None)
    if usecase is None:
        said_rest(output, found)
    output.result({
        "as_of": found.as_of, "use_cases": chosen, "next": found.next, "unread": found.unread,
        "unoffered": found.unoffered, "cannot_know": found.cannot_know,
    })  # fmt: skip


def _say(output: Output, one: Ready, whole: bool) -> None:
    met = sum(need.state == "met" for need in one.needs)
    _line(
        output,
        f"[bold]{one.key}[/]  {STATES[one.state]}  wave {one.wave}, {plainly(one.owner)}: {plainly(one.goal)}",
    )
    _line(
        output,
        f"  {met} of {len(one.needs)} needs met" + (f", {one.subjects:,} subjects" if one.subjects else ""),
    )
    for state, words in _grouped(need for need in one.needs if whole or need.state not in GOOD):
        _line(output, f"  {state.replace('_', ' '):<9} {plainly(words)}")
    if one.actions:
        _line(output, f"  still runs: {', '.join(one.still_runs) or 'nothing'}")
    for action, why in one.stopped.items():
        _line(output, f"  [dim]{action}: {plainly(why)}[/]")
    if one.state == "ready_with_fallback":
        _line(output, f"  fallback: {plainly(one.fallback)}")
    output.say()


def _line(output: Output, text: str) -> None:
    """A line for people; on a terminal it is folded between words."""
    if output.people.is_terminal:
        output.show(text)
    else:
        output.say(text)


def _grouped(needs: Iterable[Judged]) -> Iterable[tuple[str, str]]:
    """Needs in words; those that differ by their offering alone are told together."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for need in needs:
        found.setdefault((need.state, need.name, _words(need)), []).append(need.offering)
    for (state, name, words), offerings in found.items():
        yield state, name + (f" of {', '.join(offerings)}" if offerings[0] else "") + words


def _words(need: Judged) -> str:
    """One need in words: of how many it is known, how old, what it lacks, whose it is."""
    words = ""
    if need.coverage is not None:
        words += f": known of {100 * need.coverage:.0f} %"
        words += (
            f", {100 * need.gate:.0f} % needed" if need.gate is not None and need.coverage < need.gate else ""
        )
    if need.age_hours is not None:
        words += (
            f"; {need.age_hours / 24:.0f} days old"
            if need.age_hours >= 48
            else f"; {need.age_hours:.0f} hours old"
        )
        old = need.fresh_hours is not None and need.age_hours > need.fresh_hours
        words += f", {need.fresh_hours:g} hours allowed" if old else ""
    if need.lacks:
        words += f"; lacks {', '.join(need.lacks)}"
    if need.consent:
        words += f"; needs consent ({', '.join(need.consent)})"
    return f"{words} ({need.owner})"


def said_rest(output: Output, found: Readiness) -> None:
    """What concerns no single use case: what to fetch next, offers and files that nothing knows."""
    output.table(
        "What the next source would add",
        ("table", "why it is in the way", ">subjects", "what it would add"),
        (
            (one.table, f"{one.why} ({one.owner})", f"{one.subjects:,}", _added(one))
            for one in found.next[:NEXT_SHOWN_MAX]
        ),
    )
    if found.unoffered:
        named = ", ".join(
            f"{action} ({offer})" for action, offer in list(found.unoffered.items())[:OFFERS_SHOWN_MAX]
        )
        rest = len(found.unoffered) - OFFERS_SHOWN_MAX
        output.say(
            f"no offer of the catalogue: {plainly(named)}{f' and {rest} more' if rest > 0 else ''}; "
            "write sources/offer.sql, or name offers that it gives"
        )
    if found.unread:
        output.say(f"no source reads: {plainly(', '.join(found.unread))}")
    if found.cannot_know:
        output.say(f"cannot be known before a build: {', '.join(found.cannot_know)}")


def _added(one: Next) -> str:
    """What a table would let run, one kind a line; names stay whole."""
    lines = [
        f"{word} {', '.join(names)}"
        for word, names in (
            ("unlocks", one.unlocks),
            ("helps", tuple(name for name in one.helps if name not in one.unlocks)),
            ("runs again:", one.actions),
        )
        if names
    ]
    return "\n".join(lines)

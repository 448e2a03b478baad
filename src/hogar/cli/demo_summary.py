"""What does a demo tell in the end? The stories, the decisions, one of them from close by, and where to look next.

Takes what the demo did; prints for people, in at most a hundred columns where the texts allow. Before: `demo`.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from hogar.build import Ready
from hogar.cli.deciding import family_words, weight
from hogar.cli.output import Output, plainly
from hogar.cli.stories import Told
from hogar.runtime.engine import Engine
from hogar.runtime.outbox import DeliveryReport
from hogar.runtime.replay import replay
from hogar.runtime.triggers import TriggerReport

EXCLUDED_SHOWN = 3
WIDTH = 100


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a demo did, beside the build: `decisions` by mode, `messages` of the campaigns, `seconds` by step."""

    folder: Path
    told: Sequence[Told]
    decisions: Mapping[str, int]
    campaigns: int
    messages: int
    triggered: TriggerReport
    delivered: DeliveryReport
    seconds: Mapping[str, float]
    use_cases: Sequence[Ready] = ()


def summary(output: Output, engine: Engine, done: Done) -> None:
    """Print it."""
    _decisions(output, done)
    _stories(output, done.told)
    _use_cases(output, done.use_cases)
    shown = next((s for s in reversed(done.told) if s.passed and s.explained and s.explained.proposals), None)
    if shown is not None:
        _one_decision(output, engine, shown)
    _look_further(output, done, shown)


def _decisions(output: Output, done: Done) -> None:
    said, seconds, decisions = done.delivered, done.seconds, done.decisions
    rows = (
        ("inbound", decisions["inbound"], "people in front of us", seconds["inbound"]),
        (
            "campaign", decisions["campaign"],
            f"households by {done.campaigns} campaigns, {done.messages:,} messages", seconds["campaign"],
        ),
        (
            "triggered", decisions["triggered"],
            f"for {done.triggered.read:,} events, {done.triggered.proposed:,} messages, and a story's",
            seconds["triggered"],
        ),
    )  # fmt: skip
    output.say("\n[bold]Decisions[/]")
    for name, count, words, took in rows:
        output.say(f"  {name:<10}{count:>7,}  {words}  [dim]{took:.1f} s[/]")
    output.say(
        f"  {'delivered':<10}{said.delivered:>7,}  messages to files; {said.waiting:,} wait for an allowed minute"
    )


def _stories(output: Output, told: Sequence[Told]) -> None:
    output.say("\n[bold]Stories[/]  [dim]found by their preconditions in the built tables, then decided[/]")
    for story in told:
        mark = "[green]✓[/]" if story.passed else "[red]✗[/]"
        output.say(f"  {mark} [bold]{plainly(story.title)}[/]  [dim]found {story.found:,}[/]")
        output.show(Padding(Text(story.words), (0, 0, 0, 4)), width=WIDTH)


def _use_cases(output: Output, use_cases: Sequence[Ready]) -> None:
    output.say("\n[bold]Use cases[/]  [dim]what they ask, held against the data there is: hogar readiness[/]")
    for one in use_cases:
        thin = list(dict.fromkeys(table for need in one.needs for table in need.because_of))
        words = f"  [dim]for want of {', '.join(thin)}[/]" if thin else ""
        output.say(f"  {one.key:<14} {one.state.replace('_', ' ')}{words}")


def _one_decision(output: Output, engine: Engine, story: Told) -> None:
    """One decision from close by: what, to whom, why, what else fell, and that it replays."""
    explained = story.explained
    assert explained is not None
    assert story.decision is not None
    p = explained.proposals[0]
    lines = [
        f"[bold]{plainly(p.name)}[/] to {plainly(p.recipient)} by {p.channel}"
        + (", with a link to pass it on" if p.pass_on else ""),
        f"because: {plainly(p.reason)}",
        f"reached {p.reached:.0%} × interested {p.interested:.0%} × the family says yes {p.family_says_yes:.0%}"
        f" = accepted {p.accepted:.1%}",
        *([words] if (words := family_words(p)) else []),
        f"accepted {p.accepted:.1%} × {p.value_eur:.0f} EUR a year{weight(p)} - {p.cost_eur:.2f} EUR for the message"
        f" = {p.score_eur:.2f} EUR",
        "",
    ]
    for fallen in explained.excluded[:EXCLUDED_SHOWN]:
        source = f" [dim]{plainly(fallen.source)}[/]" if fallen.source else ""
        lines.append(f"not {plainly(fallen.action)}: {plainly(fallen.because)}{source}")
    same = replay(engine, story.decision).identical
    lines.append(f"decided again from the record: {'the same bytes' if same else 'OTHER bytes'}")
    output.say()
    title = f"one decision: {plainly(story.decision)}"
    output.show(Panel("\n".join(lines), title=title, title_align="left", expand=False), width=WIDTH)


def _program() -> str:
    """What to type: `hogar` where it is on the path, else as this very command was called."""
    if shutil.which("hogar"):
        return "hogar"
    called = Path(sys.argv[0])
    return f"{sys.executable} -m hogar" if called.name == "__main__.py" else str(called)


def _look_further(output: Output, done: Done, shown: Told | None) -> None:
    folder, program = plainly(done.folder), plainly(_program())
    output.say("\n[bold]Look further[/]")
    if shown is not None and shown.explained is not None:
        output.say("  [dim]why this, and why not the rest; why these people are one household:[/]")
        output.say(f"  {program} explain decision {plainly(shown.decision)} --project {folder}")
        output.say(f"  {program} explain household {plainly(shown.explained.household)} --project {folder}")
    output.say(f"  [dim]the campaigns' target files are in {folder}/targets[/]")
    output.say(f"  [dim]change a file in {folder}/strategy/actions, then:[/]")
    output.say(f"  {program} check --project {folder}; {program} build --project {folder}")
    output.say(f"\n[dim]{sum(done.seconds.values()):.0f} s altogether[/]")

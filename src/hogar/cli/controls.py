"""`hogar stop`, `resume`, `set` and `audit`: what is changed while decisions go on, and who changed what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

import typer

from hogar.app import author_of, opened
from hogar.cli.options import HERE, By, Json, MustWhy, Now, Project, Why
from hogar.cli.output import Output, clock_of, minute_of, plainly
from hogar.errors import UsageError, did_you_mean
from hogar.runtime.engine import Engine, stop_of
from hogar.runtime.strategies import controls, stopping
from hogar.runtime.strategies.audit import audit as read_audit
from hogar.runtime.strategies.audit import for_people
from hogar.runtime.strategies.controls import ControlsView
from hogar.runtime.strategies.spelling import What, amount_on, named
from hogar.strategy.controls import Controls

WHAT = ("objective", "lever", "price")
Channel = Annotated[
    list[str] | None, typer.Option("--channel", help="Only this channel; may be given again.")
]
Action = Annotated[list[str] | None, typer.Option("--action", help="Only this action; may be given again.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("stop")(stop)
    app.command("resume")(resume)
    app.command("set")(set_control)
    app.command("audit")(audit)


def stop(
    why: MustWhy,
    channel: Channel = None,
    action: Action = None,
    by: By = None,
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Emergency stop: of a channel, of an action, or of everything.

    Nothing more is said, from the next decision on, in every process; messages that wait to be delivered wait on, and
    expire in their time. Needs nobody's approval. Decisions that are made meanwhile say `stopped`.
    """
    output = Output(json=json)
    with opened(project, now) as engine:
        now_stopped = stopping.stop(
            engine, author=author_of(by), channels=channel or (), actions=action or (), why=why
        )
    output.say(f"stopped: {plainly(stopping.words(now_stopped))}")
    output.result(now_stopped)


def resume(
    channel: Channel = None,
    action: Action = None,
    why: Why = "",
    by: By = None,
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Lift the emergency stop, or a part of it.

    Messages that waited are looked at by the last gate again, and leave if they may.
    """
    output = Output(json=json)
    with opened(project, now) as engine:
        still = stopping.resume(
            engine, author=author_of(by), channels=channel or (), actions=action or (), why=why
        )
    output.say(f"still stopped: {plainly(stopping.words(still))}" if still else "nothing is stopped")
    output.result(still)


def set_control(
    what: Annotated[
        str | None,
        typer.Argument(metavar="[WHAT]", help="`objective`, `lever` or `price`; left out, all of it."),
    ] = None,
    value: Annotated[
        str | None,
        typer.Argument(
            metavar="[VALUE]",
            help="An objective's name; purpose:retain=1.3 or action:KEY=0.5; channel:sms=0.10 or action:KEY=1.5.",
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="A lever's last day, as 2026-12-31.")
    ] = None,
    clear: Annotated[
        bool, typer.Option("--clear", help="Take back what was set, as the files have it.")
    ] = False,
    why: Why = "",
    by: By = None,
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Change the objective, a lever or a price at run time.

    Without a word it shows what is set. A change holds from the next decision on, in every process, and through
    `hogar publish`, until it is cleared; no decision has half of it. A lever multiplies; a price (euros) is taken off
    what one more through a channel, or of an action, brings.

    \b
      hogar set objective customer_growth     hogar set lever purpose:retain=1.3 --until 2026-12-31
      hogar set price channel:sms=0.10        hogar set lever purpose:retain --clear
    """
    output = Output(json=json)
    _asked(what, value, until, clear)
    with opened(project, now) as engine:
        made = _made(engine, what, value, until, clear)
        if made is None:
            shown = controls.view(engine)
            _show(output, shown)
            output.say(f"stopped: {plainly(stopping.words(stop_of(engine.live().pointers)) or 'nothing')}")
            output.result({"changed": False, "proposed": False, "before": shown.strategy, "strategy": shown.strategy,
                           "controls": shown})  # fmt: skip
            return
        done = controls.change(engine, made, author=author_of(by), why=why)
    _show(output, done.controls)
    if done.proposed:
        output.say(f"proposed: `hogar approve {done.strategy[:12]}`, as somebody else")
    elif not done.changed:
        output.say("it was so before; nothing changed")
    output.result(done)


def audit(
    limit: Annotated[int, typer.Option("--limit", min=1, help="So many lines at the most.")] = 50,
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Tell who changed what, when and why.

    Publications, reviews, rollbacks, stops, controls; the newest comes first. `clock` is the machine's, where the
    project calls another moment now. Nothing is ever taken out.
    """
    output = Output(json=json)
    with opened(project, now) as engine:
        found = read_audit(engine, limit)
    output.table(
        "", ("when", "clock", "who", "what", "of", "detail"),
        (
            (
                minute_of(one.at), clock_of(one.clock, one.at), one.by, one.what, for_people(one.subject),
                for_people(one.detail),
            )
            for one in found.entries
        ),
    )  # fmt: skip
    output.result(found)


def _asked(what: str | None, value: str | None, until: str | None, clear: bool) -> None:
    """Raises UsageError for words that go together nowhere."""
    if what is not None and what not in WHAT:
        raise UsageError(f"`{what}` cannot be set; {did_you_mean(what, WHAT)}")
    if until is not None and what != "lever":
        raise UsageError("only a lever has an `--until`; clear the rest when its time is over")
    if what is not None and value is None and not clear:
        raise UsageError(f"`hogar set {what}` wants a value, or `--clear`; `hogar set --help` shows examples")


def _made(
    engine: Engine, what: str | None, value: str | None, until: str | None, clear: bool
) -> Callable[[Controls], Controls] | None:
    """The change that the words ask for; None where they only ask what is set."""
    if what is None:
        return (lambda _: Controls()) if clear else None
    if what == "objective":
        return lambda now: now.with_objective("" if clear or value is None else value)
    kind: What = "lever" if what == "lever" else "price"
    if value is None:
        return lambda now: replace(now, levers=()) if kind == "lever" else replace(now, prices=())
    actions = controls.actions_of(engine)
    if clear:
        of, name = named(kind, value.partition("=")[0], actions)
        return lambda now: controls.without(now, kind, of, name)
    of, name, number = amount_on(kind, value, actions)
    if kind == "lever":
        lever = controls.lever(of, name, number, until=until)
        return lambda now: now.with_lever(lever)
    price = controls.price(of, name, number)
    return lambda now: now.with_price(price)


def _show(output: Output, shown: ControlsView) -> None:
    chosen = "set at run time" if shown.objective_set else "as the files have it"
    output.say(
        f"objective: {plainly(shown.objective)} ({chosen}; there is {plainly(', '.join(shown.objectives))})"
    )
    for lever in shown.levers:
        days = f", until {lever.until}" if lever.until else ""
        output.say(plainly(f"lever: {_on('purpose', lever.purpose, lever.action)} × {lever.weight:g}{days}"))
    for price in shown.prices:
        output.say(plainly(f"price: {_on('channel', price.channel, price.action)} {price.eur:g} euros more"))
    output.say(f"[dim]strategy {shown.strategy[:12]}[/]")


def _on(of: str, name: str, action: str) -> str:
    return f"{of}:{name}" if name else f"action:{action}"

"""`hogar preview` and `hogar schema`: how a text will read and how long it is; what editors need to know."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hogar import build
from hogar.app import now_of, opened, read_settings, settings_schema, work_of
from hogar.cli.options import HERE, Json, Now, Project
from hogar.cli.output import Output, plainly
from hogar.errors import UsageError, did_you_mean
from hogar.runtime.preview import Reader, Verdict
from hogar.strategy.preview import Previewed, example_values
from hogar.strategy.preview import preview as filled
from hogar.strategy.types import Action, Treatment
from hogar.telco.channels import CHANNELS
from hogar.telco.roles import ROLES


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("preview")(preview)
    app.command("schema")(schema)


def preview(
    action: Annotated[str, typer.Argument(metavar="ACTION", help="An action's key: its file's name.")],
    channel: Annotated[str, typer.Option("--channel", help="Only this channel.")] = "",
    language: Annotated[str, typer.Option("--language", help="Only this language, such as es.")] = "",
    role: Annotated[
        str, typer.Option("--role", help="Only the words for this family role, else the plain ones.")
    ] = "",
    person: Annotated[
        str | None,
        typer.Option(
            "--person", help="With this person's own published values, in the person's language and role."
        ),
    ] = None,
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Read an action's words as its recipients would.

    From the files in the folder, published or not, with example values or those of one person. Shows the
    characters and parts of text messages, also with the longest plausible values; the link of a message that is
    passed on is not counted. For a person it says first whether the action, asked alone, would be proposed, and
    if not, why not. Records nothing; against the rest of the strategy `hogar decide` weighs it.
    """
    output = Output(json=json)
    for value, known, what in ((channel, CHANNELS, "a channel"), (role, ROLES, "a family role")):
        if value and value not in known:
            raise UsageError(f"`{value}` is not {what}; {did_you_mean(value, known)}")
    if person is not None and not person.strip():
        raise UsageError("`--person` names nobody; give a person's id, or leave it out for example values")
    settings = read_settings(project)
    own = build.own_strategy(work_of(settings, now=now_of(settings, now)))
    chosen = own.action(action)
    names = {name for treatment in chosen.treatments for name in treatment.names}
    examples = example_values(sorted(names), own.types)
    _written(chosen, channel, language)
    if person:
        with opened(project, now) as engine:
            reader = Reader.of(engine, own.strategy, chosen, person, examples)
            said = [
                filled(each, reader.values(chosen, each, examples), own.types)
                for each in reader.treatments(chosen, language=language, role=role)
                if channel in ("", each.channel)
            ]
            verdicts = reader.verdicts
    else:
        verdicts = ()
        said = [filled(each, examples, own.types) for each in _asked(chosen, channel, language, role)]
    parts_max = own.strategy.policies.sms_parts_max
    output.say(
        f"[bold]{plainly(chosen.name)}[/]" + (f", as {plainly(person)} would read it" if person else "")
    )
    for verdict in verdicts:
        _show_verdict(output, verdict)
    for one in said:
        _show(output, one, parts_max)
    output.result(
        {"action": chosen.key, "name": chosen.name, "person": person or None, "sms_parts_max": parts_max,
         "treatments": said, "verdicts": verdicts}
    )  # fmt: skip


def schema(
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The folder to write to; default: .hogar/schemas of the project."),
    ] = None,
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Write the schemas by which editors complete and check files.

    A JSON Schema for each kind of file, with the project's own names of features, offers and actions in them; run it
    again when these have changed. `hogar new` has written them, and the settings by which VS Code finds them.
    """
    output = Output(json=json)
    settings = read_settings(project)
    offers = build.offers_of(work_of(settings, now=now_of(settings, now)))
    folder = out if out is not None else project / build.SCHEMAS_FOLDER
    found = build.schemas(project, sorted(offers or ())) | {"settings": settings_schema()}
    written = build.write_schemas(folder, found)
    output.say(f"{plainly(folder)}: {len(written)} schemas")
    for kind in build.KINDS:
        output.say(f"  {kind.name + '.json':<16} for {kind.files}")
    output.say("  settings.json    for hogar.toml")
    output.result({"folder": str(folder), "schemas": written})


def _written(action: Action, channel: str, language: str) -> None:
    """Raises `UsageError` where the action says nothing by this channel or in this language."""
    channels = [one for one in CHANNELS if one in {each.channel for each in action.treatments}]
    if channel and channel not in channels:
        raise UsageError(
            f"`{action.key}` is not said by {channel}; it has words for {', '.join(channels) or 'nothing'}"
        )
    languages = sorted({each.language for each in action.treatments if channel in ("", each.channel)})
    if language and language not in languages:
        raise UsageError(
            f"`{action.key}` is not said in `{language}`; it has words in {', '.join(languages)}"
        )


def _show_verdict(output: Output, one: Verdict) -> None:
    """Whether the person would get it, and why not."""
    if one.qualifies:
        output.say(f"  qualifies, for {plainly(one.subject)}, alone as it is asked here")
    else:
        source = f" [dim]{plainly(one.source)}[/]" if one.source else ""
        output.say(f"  [bold]does not qualify[/], for {plainly(one.subject)}: {plainly(one.because)}{source}")


def _asked(action: Action, channel: str, language: str, role: str) -> list[Treatment]:
    """The words that are written for these; where there are none for the role the plain ones are read."""
    found = [
        each
        for each in action.treatments
        if channel in ("", each.channel) and language in ("", each.language)
    ]
    if not role:
        return found
    own = {(each.channel, each.language) for each in found if each.role == role}
    return [each for each in found if each.role == (role if (each.channel, each.language) in own else "")]


def _show(output: Output, one: Previewed, parts_max: int) -> None:
    to_whom = f", to the {one.role.replace('_', ' ')}" if one.role else ""
    output.say()
    output.say(f"[bold]{one.channel}[/] {one.language}{to_whom}  [dim]{_size(one, parts_max)}[/]")
    if one.subject:
        output.say(f"   [bold]{plainly(one.subject)}[/]")
    for line in one.text.splitlines():
        output.say(f"   {plainly(line)}")
    if one.pass_on:
        output.say("   [dim](with a link to pass it on)[/]")
    if one.missing:
        output.say(f"   [bold]would not be said:[/] {plainly(one.missing)}")


def _size(one: Previewed, parts_max: int) -> str:
    """How long it is, in what its channel counts."""
    if one.sms is None:
        what = "of the subject " if one.channel == "email" else ""
        shown = f" {what}(about {one.characters_max} are shown)" if one.characters_max else ""
        return f"{one.characters} characters{shown}"
    size = one.sms
    longest = f", up to {size.parts_longest}" if size.parts_longest > size.parts else ""
    words = (
        f"{size.encoding}, {size.units} of {size.room}, {size.parts} part{'s' * (size.parts > 1)}{longest}"
    )
    if size.foreign:
        words += f"; because of {' '.join(size.foreign)}"
    return words + (f"; more than {parts_max}" if size.parts_longest > parts_max else "")

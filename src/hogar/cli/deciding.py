"""`hogar decide` and `explain`: one decision, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from hogar import households
from hogar.app import now_of, opened, read_settings, work_of
from hogar.cli.options import HERE, Json, Now, Project
from hogar.cli.output import Output, plainly
from hogar.errors import UsageError
from hogar.runtime.engine import Engine
from hogar.runtime.explain import DecisionExplained, ProposalExplained, explain_decision
from hogar.runtime.gather import UnknownSubject
from hogar.runtime.inbound import InboundRequest, decide_inbound
from hogar.strategy import profile_types

EXCLUDED_SHOWN_MAX = 40
_MEANT = {
    "decision": "; a person's id means the last one about the household",
    "household": "; the id of a person, a party or a line means its household",
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("decide")(decide)
    app.command("explain")(explain)


def decide(
    person: Annotated[
        str, typer.Option("--person", help="The person in front of us: a person, party or line id.")
    ],
    channel: Annotated[str, typer.Option("--channel", help="web, app, call_centre or shop.")],
    reason: Annotated[str, typer.Option("--reason", help="Why they came: plans, bill, fault, ...")] = "",
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Decide now for a person who is in front of us.

    As the API would; the decision is recorded. Saying nothing is a decision too. `hogar explain decision ID`
    says why.
    """
    output = Output(json=json)
    with opened(project, now) as engine:
        answer = decide_inbound(engine, _request(engine, person, channel, reason))
    currency = read_settings(project).currency
    for number, proposal in enumerate(answer.proposals, start=1):
        subject = plainly(f"for {proposal.scope} {proposal.subject}")
        output.say(f"{number}. [bold]{plainly(proposal.name)}[/] {subject}")
        output.say(f"   {plainly(proposal.text or '(the action has no text that can be said here)')}")
        output.say(
            f"   [dim]{plainly(proposal.reason)} · accepted with {proposal.probability:.1%}, "
            f"worth {proposal.value_eur:.0f} {currency} a year[/]"
        )
    if not answer.proposals:
        output.say("nothing to propose now" + (f": {answer.silence}" if answer.silence else ""))
    output.say(f"[dim]why: hogar explain decision {answer.decision} --project {plainly(project)}[/]")
    output.result(answer)


def explain(
    what: Annotated[
        str,
        typer.Argument(metavar="WHAT", help="`decision` or `household`; may be left out where the id tells."),
    ],
    id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="The id. A person's stands for the last decision about the household; a household is also meant by a "
            "person, party or line of it.",
        ),
    ] = "",
    project: Project = HERE,
    now: Now = None,
    json: Json = False,
) -> None:
    """Why this, and why not that; or why these are one household.

    A decision: every candidate with its reason, and the file and line where that is written.
    A household: its members, what links them, and their roles; no member's data is shown to explain another.

    \b
      hogar explain decision D-0650c...      hogar explain household H-crm:C2248256
      hogar explain household crm:C2248256   of this party
    """
    output = Output(json=json)
    if not id and what in ("decision", "household"):
        raise UsageError(f"name a {what}: `hogar explain {what} ID`{_MEANT[what]}")
    if not id:
        what, id = "household" if what.startswith("H-") else "decision", what
    if what == "decision":
        with opened(project, now) as engine:
            explained = explain_decision(engine, _decision_id(engine, id))
        _show_decision(output, explained, read_settings(project).currency)
        output.result(explained)
    elif what == "household":
        settings = read_settings(project)
        work = work_of(settings, now=now_of(settings, now))
        types = profile_types(work.texts("strategy").get("strategy/roles.yml", ""))
        household = households.explain(id, folder=work.current("resolve"), types=types)
        for line in households.words(household):
            output.say(plainly(line))
        output.result(household)
    else:
        raise UsageError(f"`{what}` cannot be explained; say `decision` or `household`, then its id")


def _request(engine: Engine, id: str, channel: str, reason: str) -> InboundRequest:
    """Who is meant: a person, else a party, else the user of a line. Raises `UnknownSubject` where it is none."""
    if id.startswith("P-"):
        return InboundRequest(channel=channel, reason=reason, person=id)
    profiles = engine.live().profiles
    if profiles.of_party(id) is None and profiles.of_line(id) is None:
        raise UnknownSubject(
            f"--person {id}: no person, party or line of this id is in the published profiles; "
            "ids carry their silo, such as crm:C2248256"
        )
    if profiles.of_party(id) is not None:
        return InboundRequest(channel=channel, reason=reason, party=id)
    return InboundRequest(channel=channel, reason=reason, line=id)


def _decision_id(engine: Engine, id: str) -> str:
    """A decision's id as it is; for a person the last decision about the household."""
    if not id.startswith("P-"):
        return id
    household = engine.live().profiles.of_person(id)
    found = engine.ledger.decisions_of_household(household, 1) if household is not None else []
    if not found:
        raise UsageError(f"{id}: there is no decision about this person; make one with `hogar decide`")
    return found[0]


def family_words(proposal: ProposalExplained) -> str:
    """Who must agree and how likely each does, where anybody must; and that a declared adviser in another home is."""
    if not proposal.roles:
        return ""
    who = " × ".join(f"{role.replace('_', ' ')} {share:.0%}" for role, share in proposal.roles.items())
    asked = "; adviser asked" if proposal.adviser else ""
    return f"their yes: {who}{asked}"


def weight(proposal: ProposalExplained) -> str:
    """The weight as a factor, where it is not 1."""
    return "" if proposal.weight == 1 else f" × {proposal.weight:g} for urgency and levers"


def _show_decision(output: Output, explained: DecisionExplained, currency: str) -> None:
    output.say(
        f"[bold]{plainly(explained.decision)}[/]: {explained.mode}, {explained.at}, household "
        + plainly(explained.household)
        + (" (control group)" if explained.control else "")
    )
    for name, value in explained.live.items():
        output.say(f"[dim]live: {plainly(name)} was {plainly(value)}[/]")
    for number, p in enumerate(explained.proposals, start=1):
        output.say(
            f"{number}. [bold]{plainly(p.name)}[/] to {plainly(p.recipient)} by {p.channel}"
            + (f", in the words for the {p.role.replace('_', ' ')}" if p.role else "")
            + (", to be passed on" if p.pass_on else "")
        )
        output.say(f"   because {plainly(p.reason)}")
        output.say(
            f"   reached {p.reached:.0%} × interested {p.interested:.1%} × the family says yes {p.family_says_yes:.0%}"
            f" = {p.accepted:.2%}; × {p.value_eur:.0f} {currency}{weight(p)} - {p.cost_eur:.2f}"
            f" = {p.score_eur:.2f} {currency}"
        )
        family = family_words(p)
        if family:
            output.say(f"   {family}")
    if explained.excluded:
        rows = [
            (e.action, f"{e.scope} {e.subject}", e.reason, e.because, e.source) for e in explained.excluded
        ]
        output.say()
        output.table(
            "not proposed", ("action", "for", "reason", "because", "written in"), rows[:EXCLUDED_SHOWN_MAX]
        )
        if len(rows) > EXCLUDED_SHOWN_MAX:
            output.say(f"... and {len(rows) - EXCLUDED_SHOWN_MAX} more: --json has all")
    if explained.not_asked:
        output.say(
            f"[dim]{explained.not_asked} candidates were not asked for in this mode, campaign or trigger[/]"
        )

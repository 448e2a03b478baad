"""`hogar twin score`: how well a market was resolved, against its truth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from hogar.app import now_of, read_settings, work_of
from hogar.cli.options import Json
from hogar.cli.output import Output
from hogar.errors import UsageError
from hogar.evidence.figures import Figures
from hogar.evidence.score import Score
from hogar.evidence.score import score as judge


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("score")(score)


def score(
    folder: Annotated[Path, typer.Argument(metavar="D", help="The market's project folder.")],
    by: Annotated[
        Literal["person", "party"],
        typer.Option("--by", help="Count each true person once, or each party (record of a customer)."),
    ] = "person",
    json: Json = False,
) -> None:
    """Compare what was found with the truth.

    After `hogar build`: households, who uses which line, roles, members at other operators; of the whole market
    and of each kind of household. What cannot be judged is null, with the reason.
    """
    output = Output(json=json)
    settings = read_settings(folder)
    work = work_of(settings, now=now_of(settings))
    truth = folder / (settings.truth_membership or "truth/membership.parquet")
    if not truth.is_file():
        raise UsageError(
            f"{truth}: this project has no truth to score against; `hogar twin generate` writes one"
        )
    found = judge(
        work.current("resolve"), truth, canonical=work.current("ingest"), now=work.now.date(), by=by
    )
    if found.missing > found.judged:
        raise UsageError(
            f"{truth}: most of its customers are unknown to what was built; the market was made anew since: "
            f"run `hogar build --project {folder}`, then score again"
        )
    show(output, found)
    output.result(found)


def show(output: Output, found: Score) -> None:
    """The figures for people: what was found, roles, kinds of household, and what is not judged."""
    members = "persons" if found.by == "person" else "records of customers"
    output.say(
        f"{found.judged:,} {members} who truly live in {found.households:,} households; "
        f"{found.missing:,} records of customers were not resolved"
    )
    output.say()
    output.table("What was found", ("", ">precision", ">recall", ">F1"), _shares(found))
    output.say()
    output.table("", ("", ">value", ""), _values(found))
    if found.roles:
        output.say()
        output.table(
            "Roles: F1 beside that of \"the holder does everything\"",
            ("role", ">hold it", ">stated", ">precision", ">recall", ">F1", ">holder's F1"),
            [
                (
                    role.role.replace("_", " "), f"{role.held:,}", f"{role.stated:,}", _share(role.precision),
                    _share(role.recall), _share(role.f1), _share(role.f1_holder),
                )
                for role in found.roles
            ],
        )  # fmt: skip
    if found.kinds:
        output.say()
        output.table(
            "By kind of household (F1 of pairs, B-cubed and roles)",
            (
                "kind", ">homes", f">{members}", ">pairs", ">B-cubed", ">exact", ">line users", ">roles",
                ">holder's", *([">members elsewhere"] if found.offnet_stated is not None else []),
            ),
            [(kind.kind.replace("_", " "), *_row(kind, found)) for kind in found.kinds],
        )  # fmt: skip
    if found.not_judged:
        output.say()
        output.table(
            "Not judged", ("what", "why"), [(missing.what, missing.why) for missing in found.not_judged]
        )


def _shares(found: Score) -> Iterator[tuple[str, ...]]:
    yield "pairs", _share(found.pair_precision), _share(found.pair_recall), _share(found.pair_f1)
    yield "B-cubed", _share(found.b_cubed_precision), _share(found.b_cubed_recall), _share(found.b_cubed_f1)
    if found.offnet_stated is not None:
        yield "members elsewhere", _share(found.offnet_precision), _share(found.offnet_recall), ""


def _values(found: Score) -> Iterator[tuple[str, str, str]]:
    yield "exact households", _share(found.exact_share), "all members and nobody else"
    yield "adjusted Rand", _share(found.adjusted_rand), "1 is perfect, 0 is chance"
    yield (
        "biggest household",
        f"{found.biggest_cluster:,}",
        f"the biggest true one has {found.biggest_true:,}",
    )
    if found.lines_judged is not None:
        yield "line users", _share(found.line_user_accuracy), f"of {found.lines_judged:,} lines"
    if found.persons_judged is not None:
        gain = found.role_gain_over_holder
        beside = "" if gain is None else f"; {abs(gain):.3f} {'above' if gain >= 0 else 'below'} the holder's"
        yield "roles, macro-F1", _share(found.role_macro_f1), f"of {found.persons_judged:,} persons{beside}"
    if found.offnet_stated is not None:
        heard = "" if found.offnet_heard is None else f", {found.offnet_heard:,} could be heard"
        yield "members elsewhere", f"{found.offnet_stated:,}", f"stated{heard}"


def _row(kind: Figures, found: Score) -> Iterator[str]:
    yield from (f"{kind.households:,}", f"{kind.judged:,}", _share(kind.pair_f1), _share(kind.b_cubed_f1))
    yield from (_share(kind.exact_share), _share(kind.line_user_accuracy), _share(kind.role_macro_f1))
    yield _share(kind.role_macro_f1_holder)
    if found.offnet_stated is not None:
        yield f"{_share(kind.offnet_precision)} / {_share(kind.offnet_recall)}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"

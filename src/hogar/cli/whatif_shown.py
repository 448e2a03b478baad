"""How is a comparison told at the terminal? In tables and bars, with the euros and the caveat at the end.

Takes a report; says it to people. Before: `whatif`.
"""

from __future__ import annotations

from hogar.cli.output import GAP, Output, plainly
from hogar.runtime.whatif import Expected, WhatifReport

BAR_WIDTH, BAR_WIDTH_MIN = 24, 8
MOVES_SHOWN_MAX = 12


def show(output: Output, report: WhatifReport, currency: str, tried: str) -> None:
    """The comparison in words and bars."""
    of = "" if report.households == report.base_households else f" (a sample of {report.base_households:,})"
    output.say(
        f"[bold]what if[/] {plainly(tried)}:\n"
        f"{report.after.strategy[:12]} ({plainly(report.after.objective)}) instead of "
        f"{report.before.strategy[:12]} ({plainly(report.before.objective)}): {report.mode}, "
        f"{plainly(report.campaign or ', '.join(report.channels))}"
    )
    looks = {"campaign": "households", "inbound": "visits", "triggered": "recorded events"}[report.mode]
    output.say(
        f"{report.households:,} households{of}, {report.persons:,} persons, {report.control:,} households in the "
        f"control group; [bold]{report.changed:,}[/] of {report.looks:,} {looks} come out otherwise"
    )
    _funnel(output, report)
    _reasons(output, report)
    _actions(output, report, currency)
    output.table(
        "who takes over from whom" if report.moves else "", (">households", "led before", "leads after"),
        (
            (f"{move.households:,}", move.before or "(silence)", move.after or "(silence)")
            for move in report.moves[:MOVES_SHOWN_MAX]
        ),
    )  # fmt: skip
    _splits(output, report, currency)
    old, new = report.total.before, report.total.after
    output.say(
        f"[bold]expected[/]: {_words(old, currency)} before, {_words(new, currency)} after\n"
        "[dim]expected by the models' own probabilities; nobody was contacted, nothing was recorded[/]"
    )


def _funnel(output: Output, report: WhatifReport) -> None:
    """The steps with a bar each, as long as there is room for one."""
    most = max(report.households, 1)
    columns: tuple[str, ...] = (
        "step",
        ">households",
        ">after",
        ">persons",
        ">after",
        ">candidates",
        ">after",
    )
    rows: list[tuple[str, ...]] = [
        (
            step.means, f"{step.before.households:,}", f"{step.after.households:,}", f"{step.before.persons:,}",
            f"{step.after.persons:,}", f"{step.before.candidates:,}", f"{step.after.candidates:,}",
        )
        for step in report.funnel
    ]  # fmt: skip
    taken = sum(max(map(len, column)) + GAP for column in zip(columns, *rows, strict=True))
    room = min(BAR_WIDTH, output.width - taken)
    if room >= BAR_WIDTH_MIN:
        columns = (*columns, "")
        rows = [
            (*row, "█" * round(room * step.after.households / most))
            for row, step in zip(rows, report.funnel, strict=True)
        ]
    output.table("who gets how far", columns, rows)


def _reasons(output: Output, report: WhatifReport) -> None:
    rows = [
        (
            fallen.words,
            fallen.reason,
            f"{fallen.before:,}",
            f"{fallen.after:,}",
            _signed(fallen.after - fallen.before),
        )
        for fallen in report.fallen
    ]
    output.table("why candidates fall", ("because", "code", ">before", ">after", ">change"), rows)


def _actions(output: Output, report: WhatifReport, currency: str) -> None:
    shown = [
        one
        for one in report.actions
        if one.before.proposals or one.after.proposals or one.is_new or one.is_gone
    ]
    rows = [
        (
            one.action + (" (new)" if one.is_new else " (gone)" if one.is_gone else ""), f"{one.before.proposals:,}",
            f"{one.after.proposals:,}", f"{one.won:,}", f"{one.lost:,}", f"{one.before.value_eur:,.0f}",
            f"{one.after.value_eur:,.0f}",
        )
        for one in sorted(shown, key=lambda one: (one.before.proposals - one.after.proposals, one.action))
    ]  # fmt: skip
    output.table(
        "which actions win and lose",
        ("action", ">before", ">after", ">won", ">lost", f">{currency} expected", ">after"), rows,
    )  # fmt: skip


def _splits(output: Output, report: WhatifReport, currency: str) -> None:
    for split in report.splits:
        rows = [
            (
                group.group, f"{group.size:,}", f"{group.qualify_before:,}", f"{group.qualify_after:,}",
                f"{group.before.proposals:,}", f"{group.after.proposals:,}", f"{group.before.value_eur:,.0f}",
                f"{group.after.value_eur:,.0f}",
            )
            for group in split.groups
        ]  # fmt: skip
        output.table(
            f"by {plainly(split.by)}",
            ("", f">{split.of}", ">qualify", ">after", ">proposals", ">after", f">{currency}", ">after"), rows,
        )  # fmt: skip
    for title, found in (
        ("by role that the recipient holds", report.roles),
        ("by channel", report.channels_compared),
    ):
        output.table(
            title, ("", ">proposals", ">after", f">{currency} expected", ">after"),
            (
                (
                    one.name, f"{one.before.proposals:,}", f"{one.after.proposals:,}", f"{one.before.value_eur:,.0f}",
                    f"{one.after.value_eur:,.0f}",
                )
                for one in found
            ),
        )  # fmt: skip


def _words(expected: Expected, currency: str) -> str:
    return f"{expected.proposals:,} proposals, {expected.accepted:,.1f} accepted, {expected.value_eur:,.0f} {currency}"


def _signed(number: int) -> str:
    return f"{number:+,}" if number else ""

"""How does a comparison look? One SVG: the way to a proposal as bars, and which actions win and lose.

Takes a report, gives the text of a picture that every browser shows; no library draws it. Before: `report`.
"""

from __future__ import annotations

from html import escape

from hogar.runtime.whatif.report import ActionCompared, WhatifReport

WIDTH, LEFT, RIGHT = 980, 300, 150
ROW, BAR, GAP = 34, 12, 46
BEFORE, AFTER, LESS, INK, FAINT = "#9aa5b1", "#2b6cb0", "#c05621", "#1a202c", "#718096"
ACTIONS_MAX = 25
TRIED_MAX = 80  # characters of the heading


def picture(report: WhatifReport, currency: str, tried: str) -> str:
    """The picture as SVG; `tried` says what is."""
    parts: list[str] = []
    height = 30
    height = _heading(parts, report, currency, tried, height)
    height = _funnel(parts, report, height + GAP)
    height = _actions(parts, report, currency, height + GAP)
    height += GAP
    parts.append(
        _text(
            20,
            height - 16,
            "Nobody was contacted. Expected by the models' own probabilities, not measured.",
            FAINT,
        )
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="13" role="img">'
        f'<title>What if: {escape(tried)}</title><rect width="100%" height="100%" fill="#fff"/>'
        + "".join(parts)
        + "</svg>\n"
    )


def _heading(parts: list[str], report: WhatifReport, currency: str, tried: str, at: int) -> int:
    old, new = report.total.before, report.total.after
    names = " and ".join(f"{one.strategy[:12]} ({one.objective})" for one in (report.before, report.after))
    where = report.campaign or ", ".join(report.channels)
    parts.append(_text(20, at, f"What if: {_cut(tried)}", INK, size=20, bold=True))
    asked = f"{report.mode}, {where}; {report.households:,} households, {report.persons:,} persons"
    parts.append(_text(20, at + 24, f"{asked}; {names}", FAINT))
    parts.append(
        _text(
            20, at + 50,
            f"Proposals {old.proposals:,} and {new.proposals:,}; expected value {old.value_eur:,.0f} and "
            f"{new.value_eur:,.0f} {currency}; {report.changed:,} households hear something else", INK,
        )
    )  # fmt: skip
    for x, words, colour in ((20, "before", BEFORE), (110, "after", AFTER)):
        parts.append(f'<rect x="{x}" y="{at + 66}" width="12" height="12" fill="{colour}"/>')
        parts.append(_text(x + 18, at + 77, words, FAINT))
    return at + 66


def _funnel(parts: list[str], report: WhatifReport, at: int) -> int:
    """Households that get as far as each step, two bars a step."""
    parts.append(_text(20, at, "How many households get how far", INK, bold=True))
    scale = (WIDTH - LEFT - RIGHT) / max(report.households, 1)
    for step in report.funnel:
        at += ROW
        parts.append(_text(20, at + 4, step.means, INK))
        for shift, count, colour in ((-9, step.before.households, BEFORE), (4, step.after.households, AFTER)):
            parts.append(_bar(LEFT, at + shift, count * scale, colour))
        parts.append(
            _text(WIDTH - RIGHT + 10, at + 4, f"{step.before.households:,} → {step.after.households:,}", INK)
        )
    return at + ROW


def _actions(parts: list[str], report: WhatifReport, currency: str, at: int) -> int:
    """Proposals won and lost by action, the largest change first."""
    moved = sorted(
        (one for one in report.actions if one.won or one.lost),
        key=lambda one: (-abs(_gain(one)), -(one.won + one.lost), one.action),
    )
    if not moved:
        parts.append(_text(20, at, "No action wins or loses", INK, bold=True))
        return at
    parts.append(_text(20, at, "Which actions win and lose: proposals after less before", INK, bold=True))
    top = at + 10
    middle = (LEFT + WIDTH - RIGHT) / 2
    scale = (WIDTH - LEFT - RIGHT) / 2 / max(1, *(abs(_gain(one)) for one in moved))
    for one in moved[:ACTIONS_MAX]:
        at += ROW - 8
        gain = _gain(one)
        parts.append(
            _text(
                20, at + 4, one.action + (" (new)" if one.is_new else " (gone)" if one.is_gone else ""), INK
            )
        )
        length = abs(gain) * scale
        parts.append(
            _bar(middle if gain >= 0 else middle - length, at - 6, length, AFTER if gain >= 0 else LESS)
        )
        euros = one.after.value_eur - one.before.value_eur
        parts.append(_text(WIDTH - RIGHT + 10, at + 4, f"{gain:+,}, {euros:+,.0f} {currency}", INK))
    parts.append(f'<line x1="{middle}" x2="{middle}" y1="{top}" y2="{at + 8}" stroke="{FAINT}"/>')
    return at + ROW


def _cut(words: str) -> str:
    return words if len(words) <= TRIED_MAX else words[: TRIED_MAX - 3] + "..."


def _gain(one: ActionCompared) -> int:
    return one.after.proposals - one.before.proposals


def _bar(x: float, y: float, length: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{length:.1f}" height="{BAR}" rx="2" fill="{colour}"/>'


def _text(x: float, y: float, words: str, colour: str, *, size: int = 13, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x}" y="{y}" fill="{colour}" font-size="{size}"{weight}>{escape(words)}</text>'

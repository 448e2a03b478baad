"""What does somebody pull at, and how hard? One way to write a lever and a price, wherever one is written by hand.

`purpose:retain=1.3`, `action:KEY=0`, `channel:sms=0.10`; the bare name where nothing else is called so. Takes the text
and the keys of the actions there are; gives the parts. Neighbours: `controls` sets them, `whatif` tries them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from hogar.errors import UsageError, did_you_mean
from hogar.strategy.levers import PURPOSES
from hogar.telco.channels import CHANNELS

What = Literal["lever", "price"]
EXAMPLES: Mapping[What, str] = {
    "lever": "purpose:retain=1.3 or action:KEY=0",
    "price": "channel:sms=0.10 or action:KEY=1.5",
}
_OTHERS: Mapping[What, tuple[str, Sequence[str]]] = {
    "lever": ("purpose", PURPOSES),
    "price": ("channel", CHANNELS),
}


def amount_on(what: What, text: str, actions: Sequence[str]) -> tuple[str, str, float]:
    """Which kind of thing, its name, and the number. Raises UsageError.

    >>> amount_on("lever", "retain=1.3", ["tv"]), amount_on("price", "action:tv=0.5", ["tv"])
    (('purpose', 'retain', 1.3), ('action', 'tv', 0.5))
    """
    name, equals, number = text.rpartition("=")
    try:
        found = float(number)
    except ValueError:
        found = float("nan")
    if not (equals and name.strip()) or found != found:
        raise UsageError(f"`{text}` is not a {what}; write it as {EXAMPLES[what]}")
    return *named(what, name.strip(), actions), found


def named(what: What, name: str, actions: Sequence[str]) -> tuple[str, str]:
    """Which kind of thing is named, and its name, with or without its kind before it. Raises UsageError."""
    other, names = _OTHERS[what]
    known = {other: names, "action": actions}
    kind, colon, rest = name.partition(":")
    if colon:
        if kind not in known:
            raise UsageError(f"`{kind}` has no {what}; write it as {EXAMPLES[what]}")
        if rest not in known[kind]:
            raise UsageError(f"no {kind} `{rest}`{_cure(rest, known[kind])}")
        return kind, rest
    kinds = [one for one, there in known.items() if name in there]
    if len(kinds) > 1:
        raise UsageError(f"`{name}` is a {other} and an action: write `{other}:{name}` or `action:{name}`")
    if not kinds:
        raise UsageError(f"`{name}` is neither a {other} nor an action{_cure(name, [*names, *actions])}")
    return kinds[0], name


def _cure(name: str, known: Sequence[str]) -> str:
    cure = did_you_mean(name, known)
    return f"; {cure}" if cure else ""

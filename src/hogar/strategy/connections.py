"""Do the files fit together? Triggers and campaigns held against the actions that they name."""

from __future__ import annotations

from collections.abc import Mapping

from hogar.errors import Place
from hogar.strategy.actions import asked_event_fields
from hogar.strategy.documents import Document, Scalar, Sequence, child
from hogar.strategy.layout import Layout
from hogar.strategy.types import Action, Campaign, Trigger
from hogar.telco.channels import Mode


def check_connections(
    layout: Layout,
    actions: Mapping[str, Action],
    triggers: Mapping[str, Trigger],
    campaigns: Mapping[str, Campaign],
    fields_of: Mapping[str, frozenset[str]],
) -> None:
    """Note what no single file shows: a mode, a channel or an event's field that a named action cannot meet."""
    for name, trigger in triggers.items():
        document = layout.folders["triggers"][name]
        for key in trigger.actions:
            if key in actions:
                _check_named(document, f"trigger `{name}`", actions[key], "triggered", trigger.channels)
                lacking = sorted(asked_event_fields(actions[key]) - fields_of[name])
                if lacking:
                    document.problem(
                        _place_of(document, key),
                        f"action `{key}` uses `{lacking[0]}`, a field that trigger `{name}` does not have",
                        f"add it under `fields` as `{lacking[0].partition('.')[2]}`",
                    )
    for name, campaign in campaigns.items():
        document = layout.folders["campaigns"][name]
        for key in campaign.actions:
            if key in actions:
                _check_named(document, f"campaign `{name}`", actions[key], "campaign", campaign.channels)
    _check_reached(layout, actions, triggers, campaigns)


def _check_named(
    document: Document, owner: str, action: Action, mode: Mode, channels: tuple[str, ...]
) -> None:
    place = _place_of(document, action.key)
    if mode not in action.modes:
        document.problem(
            place, f"{owner} names action `{action.key}`, whose modes are {', '.join(action.modes)}",
            f"add `{mode}` to its `modes`",
        )  # fmt: skip
    spoken = {treatment.channel for treatment in action.treatments}
    if channels and spoken and spoken.isdisjoint(channels):
        document.problem(
            place,
            f"action `{action.key}` has no treatment for {', '.join(channels)}",
            "add one, or a channel",
        )


def _check_reached(
    layout: Layout,
    actions: Mapping[str, Action],
    triggers: Mapping[str, Trigger],
    campaigns: Mapping[str, Campaign],
) -> None:
    """An action that waits for a trigger or campaign must be named by one, or it can never be proposed."""
    named: dict[Mode, set[str]] = {
        "triggered": {key for trigger in triggers.values() for key in trigger.actions},
        "campaign": {key for campaign in campaigns.values() for key in campaign.actions},
    }
    for key, action in actions.items():
        waits = [mode for mode in action.modes if mode in named]
        if "inbound" not in action.modes and not any(key in named[mode] for mode in waits):
            layout.folders["actions"][key].problem(
                action.place,
                f"action `{key}` is for {' and '.join(waits)} mode, and nothing names it",
                "name it in a trigger or campaign",
            )


def _place_of(document: Document, action: str) -> Place:
    """Where a trigger or campaign names an action."""
    named = child(document.root, "actions")
    items = named.items if isinstance(named, Sequence) else ()
    return next(
        (item.place for item in items if isinstance(item, Scalar) and item.value == action), document.start
    )

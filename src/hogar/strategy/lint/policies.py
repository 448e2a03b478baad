"""Do the policies fight with each other? Rules that nothing can reach, silence that never ends, actions held back.

Reads the compiled policies; a finding without a place of its own stands where policies.yml has the key.
"""

from __future__ import annotations

from collections.abc import Callable

from hogar.errors import Place, Problem
from hogar.strategy.lint.callers import callers
from hogar.strategy.lint.conditions import warning
from hogar.strategy.types import ContactRule, Policies, Strategy
from hogar.telco.channels import INBOUND_CHANNELS, OUTBOUND_CHANNELS, Mode

Where = Callable[..., Place]
"""The place of a key of policies.yml, by its path."""

DAYS_A_WEEK = 7


def policies_findings(strategy: Strategy, where: Where) -> list[Problem]:
    """Policies that stop everything, or that another one makes idle."""
    policies = strategy.policies
    return [
        *_silent(policies), *_contact_rules(policies), *_proposals(strategy, where), *_capacities(strategy),
        *_control(policies, where), *_held_back(strategy, where),
    ]  # fmt: skip


def _silent(policies: Policies) -> list[Problem]:
    found = []
    for name, channel in policies.channels.items():
        if len(set(channel.quiet_days)) == DAYS_A_WEEK:
            found.append(
                warning(
                    channel.place, f"channel `{name}` is silent on every day of the week", "leave a day open"
                )
            )
        if channel.reach == 0:
            found.append(
                warning(channel.place, f"channel `{name}` reaches nobody: nothing is ever worth saying there",
                        "write a `reach` above 0, or leave the channel out")
            )  # fmt: skip
    return found


def _contact_rules(policies: Policies) -> list[Problem]:
    found = []
    rules = policies.contact_rules
    for number, rule in enumerate(rules):
        said = f"contact rule `{rule.name}`"
        if not _counted(rule):
            speaks = "the customer opens" if rule.kind == "contact" else "we open"
            found.append(warning(rule.place, f"{said} counts {rule.kind}s in channels that {speaks}: it counts nothing",
                                 "see `kind` and `channels`"))  # fmt: skip
            continue
        if rule.max == 0:
            found.append(
                warning(rule.place, f"{said} allows none: its channels never carry {' or '.join(rule.message_classes)}",
                        "allow one, or take the channels out")
            )  # fmt: skip
        for other_number, other in enumerate(rules):
            twins = _covers(rule, other) and _covers(other, rule)
            if other is not rule and _covers(other, rule) and (not twins or other_number < number):
                found.append(
                    warning(
                        rule.place,
                        f"{said} is never reached: `{other.name}` ({other.place}) stops as much or more, and sooner",
                        "leave it out, or allow less",
                    )
                )
                break
    return found


def _counted(rule: ContactRule) -> bool:
    """Whether the rule's kind can occur in its channels: what the customer opens counts as an impression."""
    fitting = INBOUND_CHANNELS if rule.kind == "impression" else OUTBOUND_CHANNELS
    return any(channel in fitting for channel in rule.channels)


def _covers(one: ContactRule, other: ContactRule) -> bool:
    """Whether `one` stops wherever `other` does, at the latest at the same contact."""
    return (
        one.kind == other.kind
        and (one.per == other.per or one.per == "household")
        and set(one.channels) >= set(other.channels)
        and set(one.message_classes) >= set(other.message_classes)
        and one.days >= other.days
        and one.max <= other.max
    )


def _proposals(strategy: Strategy, where: Where) -> list[Problem]:
    """More proposals in one decision than a rule for the whole household lets through."""
    found = []
    for mode, most in strategy.policies.proposals_max.items():
        spoken = _channels_of(mode)
        classes = {action.message_class for action in strategy.actions if mode in action.modes}
        for rule in strategy.policies.contact_rules:
            covers = rule.per == "household" and set(rule.channels) >= spoken & set(
                strategy.policies.channels
            )
            is_kind = rule.kind == ("impression" if mode == "inbound" else "contact")
            if covers and is_kind and set(rule.message_classes) >= classes and 0 < rule.max < most:
                found.append(
                    warning(
                        where("proposals_max", mode),
                        f"a decision in {mode} mode may hold {most} proposals, but contact rule `{rule.name}` "
                        f"({rule.place}) allows {rule.max}",
                        f"write `{mode}: {rule.max}`",
                    )
                )
    return found


def _channels_of(mode: Mode) -> set[str]:
    return set(INBOUND_CHANNELS if mode == "inbound" else OUTBOUND_CHANNELS)


def _capacities(strategy: Strategy) -> list[Problem]:
    """Capacities that nothing passes, and campaigns that plan more than one of them lets through."""
    found = []
    for each in strategy.policies.capacities:
        if each.max == 0:
            what = f"capacity `{each.name}` is 0: nothing passes it"
            found.append(warning(each.place, what, "allow one, or use a suppression"))
            continue
        for campaign in strategy.campaigns:
            covers = set(each.channels) >= set(campaign.channels)
            covers = covers and (not each.actions or set(each.actions) >= set(campaign.actions))
            if covers and campaign.capacity is not None and campaign.capacity > each.max:
                found.append(
                    warning(
                        campaign.place,
                        f"campaign `{campaign.name}` plans {campaign.capacity:,} messages a run, but capacity "
                        f"`{each.name}` ({each.place}) carries {each.max:,}",
                        f"write `capacity: {each.max}`",
                    )
                )
    return found


def _control(policies: Policies, where: Where) -> list[Problem]:
    if policies.control_permille < 1000:
        return []
    what = "every household is in the control group: no marketing is ever proposed"
    return [warning(where("control_group", "share"), what, "write a share such as 0.05")]


def _held_back(strategy: Strategy, where: Where) -> list[Problem]:
    """Triggers and campaigns that have nothing left to propose, since all their actions are asleep."""
    policies = strategy.policies
    asleep = set(policies.suppressed_actions)
    for each in policies.suppressions:
        if each.for_all and each.season.is_always:
            asleep |= {a.key for a in strategy.actions if each.names(a.key, a.offering, a.purpose)}
    found = []
    for caller in callers(strategy):
        if caller.actions and asleep.issuperset(caller.actions):
            what = f"{caller.title} proposes nothing: all its actions are suppressed"
            found.append(warning(caller.place, what, "wake one of them in strategy/policies.yml"))
    if strategy.actions and asleep.issuperset(action.key for action in strategy.actions):
        found.append(warning(where("suppressed_actions"), "every action is suppressed", "wake one of them"))
    return found

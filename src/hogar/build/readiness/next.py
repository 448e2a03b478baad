"""What would the next source add? The tables that stand in the way, ranked by what they would let run.

Takes judged use cases; returns what to fetch next. Before: `judging`.
"""

from __future__ import annotations

from collections.abc import Iterable

from hogar.build.readiness.report import Next, Ready
from hogar.telco.tables import BY_NAME


def next_sources(use_cases: Iterable[Ready]) -> tuple[Next, ...]:
    """The tables in the way of some use case, what would help most first.

    That is what alone makes most use cases ready, those first that have no fallback; then by actions, then by subjects.
    """
    cases = list(use_cases)
    in_the_way = {
        one.key: {table for need in one.needs for table in need.because_of} for one in cases
    }  # fmt: skip
    found = []
    for table in sorted(set().union(*in_the_way.values())):
        helped = [one for one in cases if table in in_the_way[one.key]]
        needs = [need for one in helped for need in one.needs if table in need.because_of]
        stopped = {action for need in needs for action in need.used_by} & {
            key for one in helped for key in one.stopped
        }
        found.append(
            Next(
                table=table, owner=BY_NAME[table].owner,
                why=_why(table, {need.state for need in needs}, any(table in need.consent for need in needs)),
                unlocks=tuple(one.key for one in helped if in_the_way[one.key] == {table}),
                helps=tuple(one.key for one in helped), actions=tuple(sorted(stopped)),
                subjects=max((need.subjects or 0) - (need.known or 0) for need in needs),
            )
        )  # fmt: skip
    stuck = {one.key for one in cases if one.state == "not_ready"}

    def rank(one: Next) -> tuple[int, int, int, int, str]:
        return -len(stuck & {*one.unlocks}), -len(one.unlocks), -len(one.actions), -one.subjects, one.table

    return tuple(sorted(found, key=rank))


def _why(table: str, states: set[str], asks_consent: bool) -> str:
    if "missing" in states:
        return "no source fills it"
    if "stale" in states:
        return "its newest row is too old"
    gate = BY_NAME[table].gate
    if asks_consent:
        return f"too few have consented to the use of {'such' if gate == 'row' else gate} data"
    return "it knows too few"

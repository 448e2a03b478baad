"""When may a channel speak again? Quiet hours and days, in the recipient's own minutes."""

from __future__ import annotations

from hogar.strategy.types import ChannelPolicy

_WEEK_MINUTES = 7 * 24 * 60


def wait_minutes(channel: ChannelPolicy, minute: int, weekday: int) -> int:
    """Minutes until the channel may speak: 0 now. Local time of day in minutes, weekday 0 for Monday.

    Quiet hours may span midnight. A channel that is never allowed waits longer than a week.
    """
    begin, end = channel.quiet_from_minute, channel.quiet_until_minute

    def silent(day: int, at: int) -> bool:
        if day in channel.quiet_days:
            return True
        if begin is None or end is None or begin == end:
            return False
        return begin <= at < end if begin < end else at >= begin or at < end

    if not silent(weekday, minute):
        return 0
    edges = {0, *(edge for edge in (begin, end) if edge is not None)}
    for days in range(8):
        for edge in sorted(edges):
            ahead = days * 1440 + edge - minute
            if ahead > 0 and not silent((weekday + days) % 7, edge):
                return ahead
    return _WEEK_MINUTES + 1

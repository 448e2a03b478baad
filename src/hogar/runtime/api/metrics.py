"""How much, how fast, how often wrong? Counters and one latency histogram, in the text that Prometheus reads.

Kept in the server's memory since its start; the ledger keeps what must last. Neighbour: `server`.
"""

from __future__ import annotations

from collections import Counter

BUCKETS_MS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Metrics:
    """The server's counters since its start."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int]] = Counter()
        self.decisions: Counter[tuple[str, str]] = Counter()
        self.conflicts = 0
        self.events: Counter[str] = Counter()
        self.messages: Counter[str] = Counter()
        self._buckets = [0] * (len(BUCKETS_MS) + 1)
        self._latency_ms_sum = 0.0

    def decided(self, channel: str, result: str, latency_ms: float) -> None:
        """One inbound decision: proposed or silent, from the request's arrival to the durable answer."""
        self.decisions[channel, result] += 1
        self._latency_ms_sum += latency_ms
        for position, bound in enumerate(BUCKETS_MS):
            if latency_ms <= bound:
                self._buckets[position] += 1
                return
        self._buckets[-1] += 1

    def text(self, *, groups: int, rows: int) -> str:
        """Everything as Prometheus text; `groups` and `rows` are the writer's durable commits and what they held."""
        lines = ["# TYPE hogar_requests_total counter"]
        lines += [
            f'hogar_requests_total{{route="{route}",status="{status}"}} {n}'
            for (route, status), n in sorted(self.requests.items())
        ]
        lines.append("# TYPE hogar_inbound_decisions_total counter")
        lines += [
            f'hogar_inbound_decisions_total{{channel="{channel}",result="{result}"}} {n}'
            for (channel, result), n in sorted(self.decisions.items())
        ]
        lines += self._counters("hogar_events_total", "result", self.events)
        lines += self._counters("hogar_messages_total", "state", self.messages)
        for name, value in (
            ("hogar_commit_conflicts_total", self.conflicts),
            ("hogar_ledger_commits_total", groups),
            ("hogar_ledger_rows_total", rows),
        ):
            lines += [f"# TYPE {name} counter", f"{name} {value}"]
        return "\n".join([*lines, *self._histogram()]) + "\n"

    @staticmethod
    def _counters(name: str, label: str, counts: Counter[str]) -> list[str]:
        return [f"# TYPE {name} counter"] + [
            f'{name}{{{label}="{value}"}} {n}' for value, n in sorted(counts.items())
        ]

    def _histogram(self) -> list[str]:
        name, lines, running = "hogar_inbound_latency_seconds", [], 0
        lines.append(f"# TYPE {name} histogram")
        for bound, n in zip(BUCKETS_MS, self._buckets, strict=False):
            running += n
            lines.append(f'{name}_bucket{{le="{bound / 1000:g}"}} {running}')
        running += self._buckets[-1]
        return [
            *lines,
            f'{name}_bucket{{le="+Inf"}} {running}',
            f"{name}_sum {self._latency_ms_sum / 1000:.6f}",
            f"{name}_count {running}",
        ]

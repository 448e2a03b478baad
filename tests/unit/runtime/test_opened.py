"""What is compiled is compiled once a process, while what is there is had at once."""

from __future__ import annotations

import threading
from pathlib import Path

import small_market
from tests.unit.runtime.strategies_by_hand import row

from hogar.runtime.engine import Engine
from hogar.runtime.opened import KEPT_MAX, Opened
from hogar.stores.ledger import Ledger


def test_each_is_made_once_and_the_rest_goes_on() -> None:
    """Two who ask for the same wait for one making; who asks for another that is there does not wait."""
    opened: Opened[str] = Opened()
    opened.keep(("old", "p"), "old")
    begun, go_on, made = threading.Event(), threading.Event(), []

    def make() -> str:
        made.append("new")
        begun.set()
        assert go_on.wait(10)
        return "new"

    threads = [threading.Thread(target=opened.get, args=(("new", "p"), make)) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    assert opened.get(("old", "p"), make) == "old"
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert made == ["new"]
    assert opened.of_profile("p") is not None


def test_the_latest_few_are_kept() -> None:
    """What was used longest ago goes first."""
    opened: Opened[int] = Opened()
    for number in range(KEPT_MAX):
        opened.keep((str(number), "p"), number)
    opened.get(("0", "p"), lambda: -1)
    opened.keep(("more", "q"), 9)
    assert ("0", "p") in opened
    assert ("1", "p") not in opened


def test_engines_beside_each_other_share_what_is_open(tmp_path: Path) -> None:
    """A thread's engine compiles nothing that another has; a replay of old strategies does not close the live one."""
    engine = small_market.engine(tmp_path)
    live = engine.live()
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        beside: Engine = engine.beside(ledger)
        assert beside.live().published is live.published
    for number in range(1, KEPT_MAX + 2):
        other = row(new=f"interest: 0.{number}1")
        engine.ledger.publish_strategy(other)
        engine.opened(other.hash, live.pointers["profile"])

    assert engine.live_if_open() is live

"""A strategy's way through two people, as they type it: proposed, compared, approved, steered, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.market
Copy = Callable[[Path], Path]
ACTION = "strategy/actions/second_line.yml"


@pytest.fixture
def project(small_market_built: Path, copy_of: Copy) -> Path:
    """A built project in which a strategy needs two people."""
    project = copy_of(small_market_built)
    with (project / "hogar.toml").open("a", encoding="utf-8") as file:
        file.write("\n[publish]\napprovals = 2\n")
    return project


def reworded(project: Path, before: str, after: str, *folders: str) -> None:
    """Change a word in every file of some folders."""
    for folder in folders:
        for path in (project / folder).rglob("*.*"):
            text = path.read_text(encoding="utf-8")
            if before in text:
                path.write_text(text.replace(before, after), encoding="utf-8")


def test_a_strategy_goes_through_two_people(project: Path, hogar: Any) -> None:
    """Proposed beside what is live, told in words, approved by another name, set over, and rolled back."""
    on = ("--project", project, "--json")
    live = hogar("strategies", *on).json["live"]
    reworded(project, "\nurgency: 1.2", "\nurgency: 1.3", "strategy/actions")
    told = hogar("diff", *on).json
    assert {one["part"] for one in told["changes"]} == {"urgency"}
    assert all(one["place"].startswith("strategy/actions/") for one in told["changes"])
    made = hogar("publish", "--by", "Ana", "--why", "it is urgent", *on)
    assert (made.code, made.json["state"], made.json["live"]) == (0, "proposed", live)
    assert "urgency: `1.2` becomes `1.3`" in made.err
    new = made.json["strategy"]
    again = hogar("publish", "--by", "Ben", *on).json
    assert (again["strategy"], again["state"]) == (new, "proposed")

    price = hogar("set", "price", "channel:sms=0.10", "--by", "Zoe", *on).json
    assert (price["proposed"], price["changed"]) == (False, True)
    refused = hogar("approve", new, "--by", "ana", "--why", "mine", *on)
    assert (refused.code, "somebody else approves it" in refused.json["error"]) == (2, True)
    done = hogar("approve", new[:8], "--by", "Ben", "--why", "fine", *on).json
    assert done["before"] == price["strategy"]
    assert hogar("set", *on).json["controls"]["prices"] == [{"eur": 0.1, "channel": "sms"}]

    kept = hogar("publish", *on).json
    assert (kept["state"], kept["controls"], kept["strategy"]) == ("live", True, done["strategy"])
    assert hogar("diff", *on).json["changes"] == []
    back = hogar("rollback", live, "--why", "too dear", *on).json
    assert (back["strategy"], back["profile"]) == (live, kept["profile"])
    audit = [one for one in hogar("audit", *on).json["entries"] if one["what"] not in ("publish", "profiles")]
    assert [one["what"] for one in audit[:4]] == ["rollback", "approve", "set", "propose"]
    assert audit[1]["by"].startswith("Ben (")
    states = {one["hash"]: one["state"] for one in hogar("strategies", *on).json["strategies"]}
    assert states == {
        live: "live", done["strategy"]: "replaced", price["strategy"]: "replaced", new: "approved",
    }  # fmt: skip


def test_before_the_first_word_nothing_is_live(project: Path, hogar: Any) -> None:
    """Where nothing was ever approved, the first strategy waits, who asks is told so, and one word makes it live."""
    on = ("--project", project, "--json")
    (project / ".hogar/data/ledger.db").unlink()
    made = hogar("publish", *on).json
    assert (made["state"], made["live"], made["because"]) == ("proposed", None, "nothing is live yet")
    refused = hogar("decide", "--person", "P-0", "--channel", "web", *on)
    assert f"`hogar approve {made['strategy'][:12]}`" in refused.json["error"]
    done = hogar("approve", made["strategy"], "--by", "Ben", "--why", "the first", *on).json
    assert done == {"strategy": made["strategy"], "profile": made["profile"], "before": None}
    assert hogar("publish", *on).json["state"] == "live"


def test_what_is_live_goes_on_over_profiles_that_it_fits_only(project: Path, hogar: Any) -> None:
    """A feature that is read gets another name: the profiles before stay, until the new strategy is approved."""
    on = ("--project", project, "--json")
    before = hogar("strategies", *on).json
    reworded(project, "device_views_14d", "device_looks_14d", "features", "strategy", "tests", "models")
    hogar("features", *on)
    hogar("train", *on)
    made = hogar("publish", *on).json
    assert (made["state"], made["profile_live"]) == ("proposed", False)
    assert "`person.device_views_14d` is not published" in made["because"]
    assert hogar("strategies", *on).json["profile"] == before["profile"] != made["profile"]
    done = hogar("approve", made["strategy"], "--by", "Ben", "--why", "renamed", *on).json
    assert (done["strategy"], done["profile"]) == (made["strategy"], made["profile"])
    back = hogar("rollback", "--why", "no", *on)
    assert back.code == 1
    assert "is not published" in back.json["error"]
    assert "--its-profile" in back.json["error"]
    assert hogar("rollback", "--why", "no", "--its-profile", *on).json["profile"] == before["profile"]


def test_numbers_defined_otherwise_wait_for_a_second_person(project: Path, hogar: Any) -> None:
    """The strategy's files are the same, a feature's SQL is not: nothing moves before somebody else has read it."""
    on = ("--project", project, "--json")
    file = project / "features/household_spend.sql"
    before, text = hogar("strategies", *on).json, file.read_text(encoding="utf-8")
    file.write_text(text + "-- as of today\n", encoding="utf-8")
    hogar("features", *on)
    hogar("train", *on)
    file.write_text(text, encoding="utf-8")  # what was computed counts, not what the folder says by now
    made = hogar("publish", "--by", "Ana", *on).json
    assert (made["state"], made["profile_live"]) == ("proposed", False)
    assert "(features/household_spend.sql)" in made["because"]
    assert hogar("strategies", *on).json["profile"] == before["profile"]
    (change,) = hogar("diff", "live", made["strategy"], *on).json["changes"]
    assert (change["kind"], change["how"], change["after"]) == ("definition", "added", "-- as of today")
    assert hogar("approve", made["strategy"], "--by", "ana.", "--why", "mine", *on).code == 2
    done = hogar("approve", made["strategy"], "--by", "Ben", "--why", "fine", *on).json
    assert (done["strategy"], done["profile"]) == (made["strategy"], made["profile"])


def test_what_is_set_must_go_with_the_files(project: Path, hogar: Any) -> None:
    """Files under which a lever pulls at nothing are not published, and the cure is said; clearing it helps."""
    on = ("--project", project, "--json")
    hogar("set", "lever", "action:second_line=2", "--until", "2099-12-31", *on)
    reworded(project, "second_line", "another_line", "strategy", "tests")
    (project / ACTION).rename(project / "strategy/actions/another_line.yml")
    refused = hogar("publish", *on)
    assert refused.code == 1
    assert "`hogar set --clear`" in refused.json["error"]
    assert hogar("set", "lever", "second_line", "--clear", *on).json["controls"]["levers"] == []
    assert hogar("publish", *on).json["state"] == "proposed"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("set", "objectiv", "x"), "did you mean `objective`?"),
        (("set", "lever", "retain:2"), "write it as purpose:retain=1.3"),
        (("set", "lever", "purpose:retian=2"), "did you mean `retain`?"),
        (("set", "price"), "wants a value"),
        (("replay", "--campaign-run", "nope"), "there is no run `nope`"),
        (("set", "objective", "annual_value", "--until", "2026-12-31"), "only a lever"),
        (("stop", "--channel", "smss", "--why", "x"), "did you mean `sms`?"),
        (("approve", "ffff", "--why", "x"), "no strategy `ffff`"),
        (("diff", "live", "ffff"), "no strategy `ffff`"),
    ],
)
def test_wrong_words_are_told_their_neighbours(
    small_market_built: Path, hogar: Any, words: tuple[str, ...], told: str
) -> None:
    """Wrong usage, exit code 2, and nothing moved."""
    refused = hogar(*words, "--project", small_market_built, "--json")
    assert refused.code == 2
    assert told in refused.json["error"]

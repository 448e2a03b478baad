"""Live counters in `features/live/*.yml`: what they mean in the catalogue, and what is said of what is wrong."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.unit.features.tiny import TODAY, at, insert, rows, tiny_market

from hogar.features import check_features, compute, compute_entities, load_counters, read_catalogue
from hogar.features.live import Keeper, typed
from hogar.telco.live import Counter

SQL = "SELECT person_id AS id, true AS known FROM membership"
YML = "features:\n  known:\n    type: boolean\n    help: is known\n"
LIVE = """
entity: person
owner: web
fields: {topic: text, mb: number}
counters:
  views_24h:
    event: web.visited
    count: events
    over: 24 hours
    when: event.topic = 'devices'
    unit: visits
    help: visits
  mb_2d: {event: usage.abroad, sum: mb, over: 2 days, default: 0, help: megabytes}
"""


def project(folder: Path, live: str) -> Path:
    """A project with one topic and one file of counters."""
    (folder / "features" / "live").mkdir(parents=True)
    (folder / "features" / "person_known.sql").write_text(SQL, encoding="utf-8")
    (folder / "features" / "person_known.yml").write_text(YML, encoding="utf-8")
    (folder / "features" / "live" / "web.yml").write_text(live, encoding="utf-8")
    return folder


def said(folder: Path, live: str) -> list[str]:
    """What `hogar check` says of the file."""
    return [str(problem) for problem in check_features(project(folder, live))]


def test_a_counter_is_a_feature_like_any_other(tmp_path: Path) -> None:
    """Its name, type, owner and default stand in the catalogue, and that it is live."""
    assert said(tmp_path, LIVE) == []
    catalogue = read_catalogue(tmp_path)
    views, mb = catalogue.features["person.views_24h"], catalogue.features["person.mb_2d"]
    assert (views.live, views.type, views.owner, views.unit, views.default) == (
        True,
        "number",
        "web",
        "visits",
        None,
    )
    assert (mb.live, mb.default, mb.purposes, mb.whose) == (True, 0, ("marketing", "care"), "person")
    assert views.file == "features/live/web.yml"
    assert not catalogue.features["person.known"].live
    assert "event.data" in views.sources


def test_the_step_computes_them_as_of_a_day_and_hides_who_objected(tmp_path: Path) -> None:
    """Counts are 0 where nothing was, a default stands in, of an objector nothing; the past sees its own events."""
    project(tmp_path, LIVE)
    with tiny_market() as con:
        day = TODAY.replace(day=1)
        for number, (party, when, topic) in enumerate((
            ("crm:he", at(TODAY), "devices"), ("crm:he", at(TODAY), "devices"), ("crm:he", at(TODAY), "tv"),
            ("crm:he", at(day), "devices"), ("crm:son", at(TODAY), "devices"),
        )):  # fmt: skip
            insert(con, "event", {"source": "/web", "event_id": str(number), "type": "web.visited", "at": when,
                                  "party_id": party, "data": f'{{"topic": "{topic}"}}'})  # fmt: skip
        insert(con, "event", {"source": "/u", "event_id": "m", "type": "usage.abroad", "at": at(TODAY),
                              "line_id": "l:she", "data": '{"mb": 2.5}'})  # fmt: skip
        compute(con=con, project=tmp_path, as_of=TODAY, out=tmp_path / "out")
        before = rows(compute_entities(con=con, project=tmp_path, as_of=day, extracted=TODAY)["person"])
    today = rows(pl.read_parquet(tmp_path / "out" / "person.parquet"))
    assert [today[id]["views_24h"] for id in ("P-1", "P-2", "P-3", "P-4")] == [2.0, 0.0, None, None]
    assert [today[id]["mb_2d"] for id in ("P-1", "P-2", "P-3", "P-4")] == [0.0, 2.5, None, None]
    assert before["P-1"]["views_24h"] == 1.0
    assert [counter.full_name for counter in load_counters(tmp_path / "out")] == [
        "person.views_24h",
        "person.mb_2d",
    ]


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (("entity: person", "entity: persons"), "web.yml:2:9: `persons` is not an entity; did you mean `person`?"),
        (("over: 24 hours", "over: 1 month"), "web.yml:9:11: `1 month` is no window; such as `24 hours` or `14 days`"),
        (("over: 24 hours", "over: 900 days"), "is too long a window; at most 366 days"),
        (("count: events", "count: topic"), "write `count: events`, or `distinct: topic` for its different values"),
        (("sum: mb", "sum: topic"), "`topic` is a text, and `sum` is of numbers"),
        (("sum: mb", "sum: mbb"), "`mbb` is not a field of events here; did you mean `mb`?"),
        (("sum: mb", "last: topic"), "does not say which texts there are; add `one_of: [...]`"),
        (("sum: mb", "last: mb, one_of: [a]"), "is no last text; leave `one_of` out"),
        (("sum: mb, ", ""), "counter `mb_2d` folds by nothing; give one of `count: events`"),
        (("sum: mb", "sum: mb, max: mb"), "counter `mb_2d` folds by `sum` and `max`"),
        (("= 'devices'", "= 3"), "web.yml:10:"),
        (("event.topic =", "event.tpic ="), "`event.tpic` is not known here; did you mean `event.topic`?"),
        (("count: events", "counts: events"), "unknown field `counts` in counter `views_24h`; did you mean `count`?"),
        (("event: web.visited", "event: visited"), "`visited` is not an event type"),
        (("fields: {topic: text", "fields: {topic: date"), "`date` is not a type of a field"),
        (("views_24h:", "Views:"), "`Views` is no name"),
        (("  mb_2d", "  known"), "`person.known` is defined in features/live/web.yml too"),
        (("owner: web", "purposes: [contract]"), "`contract` is not a purpose that a counter may serve"),
        (("owner: web", "consent: trafic"), "`trafic` is not a consent that events may need; did you mean `traffic`?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place_and_cure(
    tmp_path: Path, change: tuple[str, str], wanted: str
) -> None:
    """Each in the author's words, with file, line and column."""
    assert change[0] in LIVE
    found = said(tmp_path, LIVE.replace(*change))
    assert any(wanted in line for line in found), found


def test_another_file_beside_the_counters_is_refused(tmp_path: Path) -> None:
    """Their SQL is made, not written."""
    project(tmp_path, LIVE)
    (tmp_path / "features" / "live" / "web.sql").write_text(SQL, encoding="utf-8")
    assert [str(one) for one in check_features(tmp_path)] == [
        "features/live/web.sql:1:1: is no file of counters; a counter's SQL is made from its description; keep the "
        "`.yml` only"
    ]


def test_a_changed_counter_has_another_key() -> None:
    """What decides which events are kept, and how long, is in the key: never mixed with what was kept before."""
    one = Counter(entity="person", name="n", event="a.b", fold="count", hours=24, type="number")
    assert one.key == Counter(entity="person", name="n", event="a.b", fold="max", hours=24, type="number").key
    assert (
        one.key != Counter(entity="person", name="n", event="a.b", fold="count", hours=48, type="number").key
    )
    assert (
        one.key != Counter(entity="person", name="n", event="a.c", fold="count", hours=24, type="number").key
    )


def test_a_value_of_another_type_is_unknown() -> None:
    """A number in quotes, a yes where a number is asked for, a number beyond reason: not counted, and no error."""
    assert [typed(value, "number") for value in ("7", True, 1e300, 10**400, None, 3)] == [None] * 5 + [3.0]
    assert [typed(value, "boolean") for value in (1, True)] == [None, True]
    counter = Counter(entity="person", name="n", event="a.b", fold="sum", of="mb", hours=1, type="number",
                      fields=(("mb", "number"),))  # fmt: skip
    assert Keeper.of((counter,)).kept("a.b", {"mb": "7"}) == []

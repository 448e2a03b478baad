"""Are analysts' words read leniently, told about fully, and counted fairly?"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from hogar.households.judgements import Judgements, read_judgements
from hogar.households.raters import audit, kappas, sample, wilson

PARTIES = {"crm:1": "P-crm:1", "web:1": "P-crm:1", "crm:2": "P-crm:2", "crm:3": "P-crm:3", "crm:4": "P-crm:4"}


def _read(tmp_path: Path, text: str | bytes) -> Judgements:
    path = tmp_path / "judged.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    persons = pa.table({"party_id": list(PARTIES), "person_id": list(PARTIES.values())})
    return read_judgements([path], persons)


def _words(found: Judgements) -> list[tuple[str, str, str, str]]:
    return [(row.person_a[-1], row.person_b[-1], row.rater, row.word) for row in found.rows]


def _said(*rows: str) -> str:
    return "\n".join(["party_a,party_b,together,rater,at", *rows])


def test_the_table_holds_what_is_agreed(tmp_path: Path) -> None:
    """Two who say the same make one row; who is unsure abstains; a dispute counts as unsure."""
    found = _read(
        tmp_path,
        _said(
            "crm:1,crm:2,yes,Ana,",
            "crm:2,crm:1,Yes,Leo,",
            "crm:1,crm:3,no,Ana,",
            "crm:1,crm:3,unsure,Leo,",
            "crm:2,crm:3,yes,Ana,",
            "crm:2,crm:3,no,Leo,",
            "crm:3,crm:4,?,Ana,",
        ),
    )
    assert found.problems == ()
    assert [tuple(row.values()) for row in found.table().to_pylist()] == [
        ("P-crm:1", "P-crm:2", True, 2),
        ("P-crm:1", "P-crm:3", False, 1),
    ]
    assert found.disputed() == (("P-crm:2", "P-crm:3"),)


def test_persons_and_parties_name_the_same(tmp_path: Path) -> None:
    """A party, its person, and a person of before that was named after one of its parties are all understood."""
    found = _read(
        tmp_path,
        "person_a,party_b,together,rater\nweb:1,crm:2,y,a\nP-web:1,P-crm:3,n,a\nP-crm:1,crm:4,yes,a\n",
    )
    assert found.problems == ()
    assert _words(found) == [("1", "2", "a", "yes"), ("1", "3", "a", "no"), ("1", "4", "a", "yes")]


def test_a_later_word_of_a_rater_counts(tmp_path: Path) -> None:
    """The later time counts whatever the order of lines; without times the later line."""
    found = _read(
        tmp_path,
        _said(
            "crm:1,crm:2,no,Ana,2026-03-02T10:00:00+02:00",
            "crm:1,crm:2,yes,Ana,2026-03-02T07:59",
            "crm:1,crm:3,yes,Ana,",
            "crm:3,crm:1,no,Ana,",
        ),
    )
    assert _words(found) == [("1", "2", "ana", "no"), ("1", "3", "ana", "no")]


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_spreadsheets_write_as_they_like(tmp_path: Path, start: str, mark: str, end: str) -> None:
    """Marks, line ends, a byte order mark, capitals, spaces and more columns do not matter; blanks are to do."""
    lines = [
        [" Person_A", "person_b", "evidence", "TOGETHER ", "Rater"],
        ["P-crm:1", "P-crm:2", '"names: a, b"', " YES", "Ana "],
        ["P-crm:1", "P-crm:3", "", "", ""],
        [],
    ]
    found = _read(tmp_path, start + end.join(mark.join(line) for line in lines))
    assert found.problems == ()
    assert _words(found) == [("1", "2", "ana", "yes")]


def test_every_problem_is_told_and_the_rest_counts(tmp_path: Path) -> None:
    """Unknown answers and times, nobody named, short and broken lines are told with place and cure; the rest counts."""
    found = _read(
        tmp_path,
        _said(
            "crm:1,crm:2,yse,Ana,",
            'crm:1,crm:2,yes,"Ana,',
            ",crm:2,no,Ana,",
            "crm:1,crm:3,yes,Ana,today",
            'crm:1,crm:4,no,"Ana\nMaria",',
            "crm:2,crm:4,yes",
            "crm:2,crm:3",
            ",,,,",
        ),
    )
    assert [str(problem).replace(str(tmp_path), "") for problem in found.problems] == [
        "/judged.csv:2:3: `yse` is no answer to `together`; did you mean `yes`?",
        "/judged.csv:3:1: the line cannot be read; look for a quote that has no end",
        "/judged.csv:4:1: `party_a` names nobody; write the id of a party or a person",
        "/judged.csv:5:5: `today` is no time; write it as 2026-03-02 or 2026-03-02T14:00",
        "/judged.csv:9:2: the line ends after 2 of 5 fields, before `together`; write every field, an empty one too",
    ]
    assert _words(found) == [
        ("1", "3", "ana", "yes"),
        ("1", "4", "ana\nmaria", "no"),
        ("2", "4", "unnamed", "yes"),
    ]


def test_what_the_data_overtook_is_counted_and_no_problem(tmp_path: Path) -> None:
    """Somebody who is gone, and two records that are one person now, spoil neither the file nor the other lines."""
    found = _read(
        tmp_path,
        _said(
            "crm:1,crm:9,yes,Ana,",
            "P-crm:8,crm:2,no,Ana,",
            "crm:1,web:1,no,Ana,",
            "crm:1,crm:2,yes,Ana,",
            "crm:1,crm:2,no,Leo,",
            "crm:1,crm:3,,Ana,",
        ),
    )
    assert found.problems == ()
    assert found.counts() == {"answered": 5, "stale": 3, "disputed": 1}
    assert len(found.rows) == 2


def test_a_spanish_spreadsheet_is_read(tmp_path: Path) -> None:
    """Semicolons, the letters of Western Europe in one byte, and days that begin with the day."""
    text = "person_a;person_b;evidence;together;rater;at\r\n"
    text += "P-crm:1;P-crm:2;años;SÍ;Íñigo;03/02/2026\r\nP-crm:1;P-crm:2;;no;Íñigo;02/03/2026 9:30\r\n"
    found = _read(tmp_path, text.encode("cp1252"))
    assert found.problems == ()
    assert _words(found) == [("1", "2", "íñigo", "no")]


@pytest.mark.parametrize(
    "text", [b"", b"\n", b"a,b\n1,2\n", b"\xff\xfe\x00,\x00", b"party_a,together\nx,yes"]
)
def test_another_file_is_one_problem(tmp_path: Path, text: bytes) -> None:
    """What is no list of judgements is said once, with what the first line should be."""
    found = _read(tmp_path, text)
    assert found.rows == ()
    [problem] = found.problems
    assert "the first line" in str(problem)


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    """It stops nothing."""
    [problem] = read_judgements([tmp_path / "none.csv"], pa.table({"party_id": [], "person_id": []})).problems
    assert "cannot be read" in str(problem)


def test_kappa_is_what_the_text_book_says(tmp_path: Path) -> None:
    """Cohen's own kind of table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no give 0.4; one word alone gives none."""
    said = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    persons = pa.table({"party_id": [f"p{i}" for i in range(51)], "person_id": [f"p{i}" for i in range(51)]})
    rows = [
        f"p0,p{i + 1},{word},{rater},"
        for i, pair in enumerate(said)
        for rater, word in zip("ab", pair, strict=True)
    ]
    path = tmp_path / "judged.csv"
    path.write_text(_said(*rows))
    [found] = kappas(read_judgements([path], persons))
    assert (found.pairs, found.agreed) == (50, 35)
    assert found.kappa == pytest.approx(0.4)
    path.write_text(_said(*rows[:40]))
    [alike] = kappas(read_judgements([path], persons))
    assert alike.kappa is None


def test_wilson_is_inside_and_narrows() -> None:
    """Known values; never outside 0 to 1; more judgements, a narrower interval."""
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
    low, high = wilson(360, 400)
    assert (low, high) == pytest.approx((0.8667, 0.9257), abs=1e-4)


def test_an_audit_counts_links_and_homes(tmp_path: Path) -> None:
    """Of a home of three and one of two: three right links of four, one right home of two; other pairs are left out."""
    membership = pa.table(
        {"person_id": ["p1", "p2", "p3", "p4", "p5", "p6"], "household_id": ["h", "h", "h", "g", "g", "f"]}
    )
    persons = pa.table({"party_id": membership["person_id"], "person_id": membership["person_id"]})
    path = tmp_path / "judged.csv"
    path.write_text(
        _said("p1,p2,yes,a,", "p1,p3,yes,a,", "p2,p3,no,a,", "p4,p5,yes,a,", "p4,p6,no,a,", "p4,p5,unsure,b,")
    )
    found = audit(membership, read_judgements([path], persons))
    assert (found.links.right, found.links.judged, found.households.right, found.households.judged) == (
        3,
        4,
        1,
        2,
    )
    assert found.links.low is not None
    assert found.links.high is not None
    assert found.links.low < 0.75 < found.links.high
    nothing = audit(membership, Judgements())
    assert nothing.links.share is None
    assert nothing.households.low is None


def test_links_of_one_home_are_no_independent_proof(tmp_path: Path) -> None:
    """Ten homes of four, wholly right or wholly wrong, prove as much as ten links, not as sixty."""
    home = [f"h{i // 4}" for i in range(40)]
    membership = pa.table({"person_id": [f"p{i:02}" for i in range(40)], "household_id": home})
    persons = pa.table({"party_id": membership["person_id"], "person_id": membership["person_id"]})
    links = sample(membership, 100, seed=1).to_pylist()
    assert len(links) == 60
    rows = [
        f"{row['person_a']},{row['person_b']},{'no' if row['household_id'] in ('h3', 'h4') else 'yes'},a,"
        for row in links
    ]
    path = tmp_path / "judged.csv"
    path.write_text(_said(*rows))
    found = audit(membership, read_judgements([path], persons))
    assert found.links.share == pytest.approx(0.8)
    assert (found.links.low, found.links.high) == pytest.approx(wilson(8, 10))


def test_a_sample_is_drawn_by_home() -> None:
    """Whole households of two and more, as many as asked for, the same for the same seed; no probability beside."""
    membership = pa.table(
        {
            "person_id": [f"p{i:03}" for i in range(300)],
            "household_id": [f"h{i // 3 if i < 240 else i}" for i in range(300)],
        }
    )
    one = sample(membership, 20, seed=7)
    assert one.equals(sample(membership.take(pa.array(range(299, -1, -1))), 20, seed=7))
    assert not one.equals(sample(membership, 20, seed=8))
    assert len(one) == 60
    assert len(set(one["household_id"].to_pylist())) == 20
    assert one.column_names == ["household_id", "person_a", "person_b", "together", "rater"]
    assert len(sample(membership.slice(0, 1), 20, seed=7)) == 0

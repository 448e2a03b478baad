"""`hogar preview` and `hogar schema` on a project that has not been built."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hogar import build


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Acme's files, nothing built."""
    folder = tmp_path_factory.mktemp("preview") / "acme"
    build.new_project(folder)
    return folder


def test_every_treatment_is_shown_with_its_length(project: Path, hogar: Any) -> None:
    """Channel, language and role of each; text messages with encoding and parts."""
    ran = hogar("preview", "renewal_handset", "--project", project, "--json")
    assert ran.code == 0
    sms = [one for one in ran.json["treatments"] if one["channel"] == "sms"]
    assert [(one["language"], one["role"]) for one in sms] == [
        (language, role) for language in ("es", "en") for role in ("", "consumer", "financial_controller")
    ]
    assert all(one["sms"]["encoding"] == "GSM-7" and one["sms"]["parts_longest"] == 1 for one in sms)
    people = hogar("preview", "renewal_handset", "--project", project)
    assert "sms es, to the consumer  GSM-7, 91 of 160, 1 part" in people.out


def test_one_channel_language_and_role(project: Path, hogar: Any) -> None:
    """The words for a role where there are some, else the plain ones."""
    typed = ("preview", "tv_basic", "--language", "en", "--role", "ict_agent", "--project", project, "--json")
    found = {one["channel"]: one["role"] for one in hogar(*typed).json["treatments"]}
    assert found == {"web": "", "app": "", "push": "", "email": "ict_agent"}
    assert len(hogar(*typed, "--channel", "push").json["treatments"]) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("preview tv_basi", "did you mean `tv_basic`?"),
        ("preview tv_basic --channel smss", "did you mean `sms`?"),
        ("preview tv_basic --channel sms", "is not said by sms; it has words for web, app, email, push"),
        ("preview tv_basic --language fr", "is not said in `fr`; it has words in en, es"),
        ("preview tv_basic --role consumerr", "did you mean `consumer`?"),
    ],
)
def test_what_does_not_exist_is_wrong_usage(project: Path, hogar: Any, typed: str, words: str) -> None:
    """With the nearest right word."""
    ran = hogar(*typed.split(), "--project", project, "--json")
    assert (ran.code, words in ran.json["error"]) == (2, True)


def test_schemas_are_written_where_they_are_wanted(project: Path, hogar: Any, tmp_path: Path) -> None:
    """One for each kind of file and for the settings, with the project's own names in them."""
    ran = hogar("schema", "--out", tmp_path / "schemas", "--project", project, "--json")
    assert ran.code == 0
    assert set(ran.json["schemas"]) == {f"{kind.name}.json" for kind in build.KINDS} | {"settings.json"}
    written = json.loads((tmp_path / "schemas/model.json").read_text(encoding="utf-8"))
    assert "line.tenure_months" in str(written["properties"]["features"])


def test_check_warns_of_long_messages(project: Path, hogar: Any) -> None:
    """A warning stops nothing, and names the letter that makes the message dear."""
    path = project / "strategy/actions/network_apology.yml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("de tu linea. Ya", "de tu línea. " + "Ya " * 20 + "Ya"), encoding="utf-8")
    try:
        ran = hogar("check", "--project", project, "--json")
    finally:
        path.write_text(before, encoding="utf-8")
    assert ran.code == 0
    assert [one["cure"] for one in ran.json["warnings"] if "parts" in one["what"]] == ["write it without `í`"]


def test_an_empty_id_is_nobody(project: Path, hogar: Any) -> None:
    """A variable of a script that was never filled must not be taken for example values."""
    ran = hogar("preview", "tv_basic", "--person", "", "--project", project, "--json")
    assert (ran.code, "names nobody" in ran.json["error"]) == (2, True)

"""Which of the six profile types is each member?"""

from __future__ import annotations

from importlib import resources

import pyarrow as pa
import pytest
import yaml

from hogar.households.roles import profiles
from hogar.telco.roles import ROLES


def _types() -> dict[str, list[str]]:
    """The template's six types."""
    file = resources.files("hogar.templates") / "acme" / "strategy" / "roles.yml"
    types = yaml.safe_load(file.read_text(encoding="utf-8"))["profile_types"]
    return {name: one["roles"] for name, one in types.items()}


def _told(**chances: dict[str, float]) -> dict[str, tuple[str, float]]:
    rows = [
        {"person_id": person, "role": role, "probability": probability}
        for person, of in chances.items()
        for role, probability in of.items()
    ]
    found = profiles(pa.Table.from_pylist(rows), _types()).to_pylist()
    return {row["person_id"]: (row["profile_type"], row["probability"]) for row in found}


def test_who_has_every_role_is_self_sufficient() -> None:
    """Six likely roles make an all-rounder; the use of a line alone makes a user."""
    told = _told(one=dict.fromkeys(ROLES, 0.8), other={"consumer": 0.97, "ict_agent": 0.1})
    assert told["one"][0] == "all_rounder"
    assert told["other"][0] == "user"


def test_the_roles_of_each_type_name_it() -> None:
    """Whoever surely has just a type's roles is that type."""
    for name, roles in _types().items():
        [(found, probability)] = _told(one=dict.fromkeys(roles, 0.95)).values()
        assert found == name
        assert probability > 0.8


def test_doubt_stays_visible() -> None:
    """Where a role is as likely as not, so are the two types that it tells apart."""
    [(_, probability)] = _told(one={"consumer": 1.0, "ict_agent": 0.5}).values()
    assert probability == pytest.approx(0.5)


def test_the_types_differ_and_everybody_uses() -> None:
    """No two types are the same set of roles; each holds the use of a line."""
    types = [frozenset(roles) for roles in _types().values()]
    assert len(set(types)) == len(types) == 6
    assert all("consumer" in roles for roles in types)

"""How surely does who say yes? `roles.yml`: the decision chain's priors, and the six profile types.

Profile types are read and checked and then left alone: no policy depends on a profile's name.
"""

from __future__ import annotations

from hogar.strategy.documents import Document, read
from hogar.strategy.fields import Fields
from hogar.strategy.types import RolePriors
from hogar.telco.roles import ROLES

PROFILE_TYPES = 6
_PRIORS = ("yes", "pass_on", "holder_default", "declared", "adviser")


def read_roles(document: Document) -> RolePriors:
    """The priors; each is a probability. What is wrong is noted and counts as never."""
    fields = Fields(
        document, document.root, "roles", ("priors", "profile_types"), ("priors", "profile_types")
    )
    priors = Fields(
        document, fields.node("priors"), "`priors`", _PRIORS, _PRIORS if "priors" in fields else ()
    )
    yes = Fields(document, priors.node("yes"), "`yes`", ROLES, ROLES if "yes" in priors else ())
    _check_profile_types(document, fields)
    return RolePriors(
        yes={role: yes.number(role, 0.0, at_least=0, at_most=1) for role in ROLES},
        pass_on=priors.number("pass_on", 0.0, at_least=0, at_most=1),
        holder_default=priors.number("holder_default", 0.0, at_least=0, at_most=1),
        declared=priors.number("declared", 0.0, at_least=0, at_most=1),
        adviser=priors.number("adviser", 0.0, at_least=0, at_most=1),
    )


def profile_types(text: str | bytes) -> dict[str, tuple[str, ...]]:
    """The roles of each profile type in the text of a `roles.yml`, for reading; nothing where it is broken.

    >>> profile_types("profile_types: {user: {roles: [consumer]}}")
    {'user': ('consumer',)}
    """
    document = read("roles.yml", text)
    fields = Fields(document, document.root, "roles", ("priors", "profile_types"), ())
    return {
        key.value: Fields(document, node, key.value, ("roles", "self_sufficient", "help"), ()).choices(
            "roles", "a role", ROLES
        )
        for key, node in fields.entries("profile_types")
    }


def _check_profile_types(document: Document, fields: Fields) -> None:
    """Six types, each a group of roles; exactly one self-sufficient, the other five depend on others."""
    if "profile_types" not in fields:
        return
    types = fields.entries("profile_types")
    sufficient = 0
    for key, node in types:
        owner = f"profile type `{key.value}`"
        each = Fields(document, node, owner, ("roles", "self_sufficient", "help"), ("roles",))
        sufficient += each.switch("self_sufficient", False)
        if "roles" in each and not each.choices("roles", "a role", ROLES):
            document.problem(each.at("roles"), f"{owner} has no roles", "name at least one of the six")
    if types and len(types) != PROFILE_TYPES:
        document.problem(
            fields.at("profile_types"), f"there are {len(types)} profile types, {PROFILE_TYPES} expected"
        )
    if types and sufficient != 1:
        document.problem(
            fields.at("profile_types"), f"{sufficient} profile types are self-sufficient",
            "exactly one is, the other five depend on others",
        )  # fmt: skip

"""How surely does who say yes? `roles.yml`: the decision chain's priors, and the six profile types.

Profile types are read and checked and then left alone: no policy depends on a profile's name.
"""

from __future__ import annotations

from hogar.strategy.documents import Document, read
from hogar.strategy.fields import Fields
from hogar.strategy.shapes import HELP, PROBABILITY, SWITCH, Field, Listed, Named, one_of, table
from hogar.strategy.types import RolePriors
from hogar.telco.roles import ROLES

PROFILE_TYPES = 6

_YES = table(
    *(Field(role, PROBABILITY, "how probable the yes of who holds it is", required=True) for role in ROLES)
)
_PRIORS = table(
    Field("yes", _YES, "how probable the yes of each role is", required=True),
    Field("pass_on", PROBABILITY, "that a message is passed on to who holds the role", required=True),
    Field(
        "holder_default",
        PROBABILITY,
        "that an account's holder holds a role nothing is known of",
        required=True,
    ),
    Field("declared", PROBABILITY, "that a declared role is held", required=True),
    Field("adviser", PROBABILITY, "that a declared adviser elsewhere advises", required=True),
)
_PROFILE_TYPE = table(
    Field(
        "roles", Listed(item=one_of(ROLES), items_min=1, once=True), "the roles of this type", required=True
    ),
    Field("self_sufficient", SWITCH, "exactly one type is"),
    HELP,
)
ROLES_FILE = table(
    Field("priors", _PRIORS, "the probabilities of the decision chain", required=True),
    Field(
        "profile_types", Named(value=_PROFILE_TYPE), "six groups of roles, one self-sufficient", required=True
    ),
    help="how surely who says yes",
)


def read_roles(document: Document) -> RolePriors:
    """The priors; each is a probability. What is wrong is noted and counts as never."""
    fields = Fields(document, document.root, "roles", ROLES_FILE)
    priors = fields.inner("priors", _PRIORS)
    yes = priors.inner("yes", _YES)
    _check_profile_types(document, fields)
    return RolePriors(
        yes={role: yes.number(role, 0.0) for role in ROLES},
        pass_on=priors.number("pass_on", 0.0),
        holder_default=priors.number("holder_default", 0.0),
        declared=priors.number("declared", 0.0),
        adviser=priors.number("adviser", 0.0),
    )


def profile_types(text: str | bytes) -> dict[str, tuple[str, ...]]:
    """The roles of each profile type in the text of a `roles.yml`, for reading; nothing where it is broken.

    >>> profile_types("profile_types: {user: {roles: [consumer]}}")
    {'user': ('consumer',)}
    """
    document = read("roles.yml", text)
    fields = Fields(document, document.root, "roles", ROLES_FILE.optional)
    return {
        key.value: Fields(document, node, key.value, _PROFILE_TYPE.optional).choices("roles", "a role", ROLES)
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
        each = Fields(document, node, owner, _PROFILE_TYPE)
        sufficient += each.switch("self_sufficient", False)
        each.text("help")
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

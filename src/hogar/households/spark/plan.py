"""Which rows does each SQL step need in one place? One group of steps after the other, in the order in which they run.

A route may bring more than a step needs, never less: for the rows that a partition owns, it must see every row that the
text would read. A text that reads a table without a route stops the run, before anything is computed (`schemas`).
"""

from __future__ import annotations

from hogar.households.spark.routes import Group, near, own
from hogar.households.stages import EVIDENCE as EVIDENCE_STEPS
from hogar.households.stages import FELLOWS as FELLOWS_STEPS

_LINKS = ("account_link", "top_up_link", "care_link", "device_link", "declared_link", "judged_link")
_CARE = ("selfcare_login", "ticket", "order")


_ENDS = "candidate.explode(array(a, b))"

PARTIES = Group(
    name="parties",
    steps=("11_party", "12_party_home", "13_party_key"),
    owner=("party_id",),
    routes=(
        own("person.party_id"),
        own("address.party_id"),
        own("selfcare_login.party_id"),
        own("declaration.party_id"),
        own("account.payer_party_id"),
        own("line.holder_party_id"),
        near("line.account_id", "account.account_id"),
        near("line.line_id", "selfcare_login.line_id"),
        near("account.account_id", "line.account_id"),
        near("address.party_id", "line.holder_party_id"),
        near("address.party_id", "account.payer_party_id"),
    ),
)

# Here stand, written for Spark: `name`, which looks at everybody, and the keys that are hot.

PARTY_LINKS = (
    Group(
        name="parties_alike",
        steps=("15_party_alike",),
        owner=("party_a",),
        routes=(
            own("party.party_id"),
            own("party_key.party_id"),
            near("party_key.kind, key", "party_key.kind, key"),
            near("party.party_id", "party_key.party_id"),
            near("name.name", "party.explode(array(first_name, last_name))"),
        ),
    ),
    Group(
        name="party_links",
        steps=("16_party_link",),
        owner=("party_a",),
        routes=(
            own("party_alike.party_a"),
            # whoever is like either of two: a rival may stand behind the other
            near("party_alike.party_a", "party_alike.explode(array(party_a, party_b))"),
            near("party_alike.party_b", "party_alike.explode(array(party_a, party_b))"),
        ),
    ),
)

# Here stands, written for Spark: the connected components of `party_link`. In each, `persons` finds `party_person`.

FACTS = (
    Group(
        name="persons",
        steps=("21_objector", "22_traffic_consenter", "23_individual", "25_home", "41_candidate_key"),
        owner=("person_id",),
        routes=(
            own("party_person.person_id"),
            near("consent.party_id", "party_person.party_id"),
            near("party.party_id", "party_person.party_id"),
            near("address.party_id", "party_person.party_id"),
        ),
    ),
    Group(
        name="lines",
        steps=("27_person_line",),
        owner=("line_id",),
        routes=(
            own("line.line_id"),
            near("account.account_id", "line.account_id"),
            near("party_person.party_id", "line.holder_party_id"),
            near("party_person.party_id", "account.payer_party_id"),
        ),
    ),
    Group(
        name="line_guesses",
        steps=("28_line_guess",),
        owner=("line_id",),
        routes=(
            own("person_line.line_id"),
            own("declaration.line_id"),
            own("selfcare_login.line_id"),
            near("party_person.party_id", "selfcare_login.party_id"),
            # of who manages a line, all log-ins and all lines held
            near("party_person.person_id", "party_person.person_id"),
            near("selfcare_login.party_id", "party_person.party_id"),
            near("person_line.holder_id", "party_person.person_id"),
            near("individual.person_id", "party_person.person_id"),
            near("party_person.party_id", "declaration.coalesce(other_party_id, party_id)"),
        ),
    ),
    Group(
        name="heard",
        steps=("29_heard", "39_night"),
        owner=("person_id",),
        routes=(
            own("individual.person_id"),
            own("line_guess.person_id"),
            near("place_night.line_id", "line_guess.line_id"),
        ),
    ),
)

# Here stands, written for Spark: `surname`, which looks at everybody.

LINKS = (
    Group(
        name="buildings",
        steps=("26_building",),
        owner=("street", "number"),
        routes=(own("home.street, number"),),
    ),
    Group(
        name="payment_tokens",
        steps=("31_payment_token",),
        owner=("token",),
        routes=(
            own("account.payment_token"),
            own("top_up.payment_token"),
            near("party_person.party_id", "account.payer_party_id"),
            near("person_line.line_id", "top_up.line_id"),
        ),
    ),
    Group(
        name="account_links",
        steps=("32_account_link",),
        owner=("a",),
        routes=(
            own("payment_token.person_id"),
            near("payment_token.token", "payment_token.token"),
            own("person_line.holder_id"),
            own("person_line.payer_id"),
            own("line_guess.person_id"),
            near("person_line.line_id", "line_guess.line_id"),
            # of who holds or pays one of these lines, all lines, with their users
            near("person_line.payer_id", "person_line.payer_id"),
            near("person_line.holder_id", "person_line.payer_id"),
            near("person_line.payer_id", "person_line.holder_id"),
            near("person_line.holder_id", "person_line.holder_id"),
            near("line_guess.line_id", "person_line.line_id"),
            near("declaration.line_id", "line_guess.line_id"),
        ),
    ),
    Group(
        name="top_up_links",
        steps=("33_top_up_link",),
        owner=("a",),
        routes=(
            own("payment_token.person_id"),
            near("payment_token.token", "payment_token.token"),
            own("person_line.holder_id"),
            own("party_person.person_id"),
            near("top_up.line_id", "person_line.line_id"),
            near("top_up.payer_party_id", "party_person.party_id"),
            # of who paid for one of these lines, everything that is paid
            near("party_person.party_id", "top_up.payer_party_id"),
            near("party_person.person_id", "party_person.person_id"),
            near("top_up.payer_party_id", "party_person.party_id"),
            near("person_line.line_id", "top_up.line_id"),
        ),
    ),
    Group(
        name="care_links",
        steps=("34_care_link",),
        owner=("a",),
        routes=(
            own("person_line.holder_id"),
            own("party_person.person_id"),
            own("line_guess.person_id"),
            *(
                near(f"{table}.line_id", f"{line}.line_id")
                for table in _CARE
                for line in ("person_line", "line_guess")
            ),
            *(near(f"{table}.party_id", "party_person.party_id") for table in _CARE),
            # of who looks after one of these lines, everything that he looks after
            *(near("party_person.party_id", f"{table}.party_id") for table in _CARE),
            near("party_person.person_id", "party_person.person_id"),
            near("individual.person_id", "party_person.person_id"),
            *(near(f"{table}.party_id", "party_person.party_id") for table in _CARE),
            *(
                near(f"{line}.line_id", f"{table}.line_id")
                for table in _CARE
                for line in ("person_line", "line_guess")
            ),
        ),
    ),
    Group(
        name="tie_links",
        steps=("35_tie_link",),
        owner=("a",),
        routes=(
            own("line_guess.person_id"),
            near("tie_month.line_id", "line_guess.line_id"),
            near("tie_month.other_line_id", "line_guess.line_id"),
            near("line_guess.line_id", "tie_month.line_id"),
            near("line_guess.line_id", "tie_month.other_line_id"),
            near("heard.person_id", "line_guess.person_id"),
        ),
    ),
    Group(
        name="declared_links",
        steps=("36_declared_link",),
        owner=("a",),
        routes=(
            own("party_person.person_id"),
            near("declaration.party_id", "party_person.party_id"),
            near("declaration.other_party_id", "party_person.party_id"),
            near("party_person.party_id", "declaration.party_id"),
            near("party_person.party_id", "declaration.other_party_id"),
        ),
    ),
    Group(
        name="contacts",
        steps=("37_contact",),
        owner=("person_id",),
        routes=(
            own("tie_link.a"),
            own("tie_link.b"),
            # of everybody there, all contacts
            near("tie_link.a", "tie_link.explode(array(a, b))"),
            near("tie_link.b", "tie_link.explode(array(a, b))"),
        ),
    ),
    Group(
        name="device_links",
        steps=("38_device_link",),
        owner=("a",),
        routes=(
            own("line_guess.person_id"),
            near("device_use.line_id", "line_guess.line_id"),
            # who else had these phones, and which other phones went through their hands
            near("device_use.device_id", "device_use.device_id"),
            near("line_guess.line_id", "device_use.line_id"),
            near("line_guess.person_id", "line_guess.person_id"),
            near("device_use.line_id", "line_guess.line_id"),
            near("device_use.device_id", "device_use.device_id"),
            near("line_guess.line_id", "device_use.line_id"),
            near("individual.person_id", "line_guess.person_id"),
        ),
    ),
)

CANDIDATES = Group(
    name="candidates",
    steps=("42_candidate",),
    owner=("a",),
    routes=(
        own("individual.person_id"),
        own("candidate_key.person_id"),
        near("candidate_key.kind, key", "candidate_key.kind, key"),
        near("individual.person_id", "candidate_key.person_id"),
        own("tie_link.a"),
        near("tie_link.b", "tie_link.b"),
        near("individual.person_id", "tie_link.b"),
        *(
            route
            for link in _LINKS
            for route in (own(f"{link}.a"), near("individual.person_id", f"{link}.b"))
        ),
    ),
)

EVIDENCE = Group(
    name="evidence",
    steps=EVIDENCE_STEPS,
    keep=("pair",),
    owner=("person_a",),
    routes=(
        own("candidate.a"),
        *(own(f"{link}.a") for link in (*_LINKS, "tie_link")),
        near("individual.person_id", _ENDS),
        near("home.person_id", _ENDS),
        near("heard.person_id", _ENDS),
        near("contact.person_id", _ENDS),
        near("night.person_id", _ENDS),
        near("line_guess.person_id", _ENDS),
        near("person_line.holder_id", _ENDS),
        near("person_line.payer_id", _ENDS),
        near("party_person.person_id", _ENDS),
        # of everybody at these numbers, what is known of the door
        near("home.street, number", "home.street, number"),
        near("building.street, number", "home.street, number"),
        near("surname.name", "individual.explode(surnames)"),
        near("device_use.line_id", "line_guess.line_id"),
        near("top_up.line_id", "person_line.line_id"),
        near("selfcare_login.party_id", "party_person.party_id"),
    ),
)

FELLOWS = Group(
    name="fellows",
    steps=FELLOWS_STEPS,
    keep=("pair_among",),
    owner=("person_a",),
    routes=(
        own("candidate.a"),
        near("scored_pair.person_a", _ENDS),
        near("scored_pair.person_b", _ENDS),
    ),
)

GROUPS: tuple[Group, ...] = (PARTIES, *PARTY_LINKS, *FACTS, *LINKS, CANDIDATES, EVIDENCE, FELLOWS)

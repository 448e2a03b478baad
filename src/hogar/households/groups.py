"""Which steps run again together, and by which columns are their rows replaced? In the order in which they run.

A step that is cheap, or whose rows hang on everybody's, runs on everything and is compared; the others have a file of
their name in `sql/again`.
"""

from __future__ import annotations

from hogar.households.changes import Group

PARTIES = (
    Group(steps=("11_party", "12_party_home", "13_party_key"), keep=("party", "party_key"),
          owner=("party_id",), touched="parties"),
)  # fmt: skip
NAMES = (Group(steps=("14_name",)),)
PARTY_LINKS = (
    Group(steps=("15_party_alike",), owner=("party_a", "party_b"), touched="alike"),
    Group(steps=("16_party_link",), owner=("party_a", "party_b")),
)
PAIR = ("a", "b")
LINKS = (
    Group(
        steps=("21_objector", "22_traffic_consenter", "23_individual", "25_home", "41_candidate_key"),
        owner=("person_id",), touched="facts",
    ),
    Group(steps=("27_person_line",), owner=("line_id",), touched="lines"),
    Group(steps=("28_line_guess",), owner=("line_id",)),
    Group(steps=("29_heard",), owner=("person_id",)),
    Group(steps=("24_surname",), matters="name, share <= getvariable('rare_surname_share_max') AS rare"),
    Group(
        steps=("26_building",),
        matters="""
            street, number, postcode, units > 0 AS flats,
            (persons > getvariable('one_home_persons_max'))::INTEGER
                + (persons > getvariable('few_homes_persons_max'))::INTEGER AS homes,
            persons > getvariable('institution_persons_max') AS institution
        """,
    ),
    Group(steps=("31_payment_token",), owner=("token", "person_id")),
    Group(steps=("32_account_link",), owner=PAIR),
    Group(steps=("33_top_up_link",), owner=PAIR),
    Group(steps=("34_care_link",), owner=PAIR),
    Group(steps=("35_tie_link",), owner=PAIR, touched="ties"),
    Group(steps=("36_declared_link",), owner=PAIR),
    Group(
        steps=("37_contact",), owner=("person_id",), touched="contacts",
        matters="""
            person_id, other_id, place <= getvariable('contacts_max') AS near,
            of_others <= getvariable('contacts_max') AS of_few
        """,
    ),
    Group(steps=("38_device_link",), owner=PAIR),
    Group(steps=("39_night",), owner=("person_id",), touched="nights"),
    Group(steps=("42_candidate",), owner=PAIR, touched="candidates"),
)  # fmt: skip
FELLOWS = (
    Group(steps=("68_fellow",), owner=("person_id",), touched="fellows"),
    Group(
        steps=("69_third_level", "69_rival_level", "70_pair_among"), keep=("pair_among",),
        owner=("person_a", "person_b"), touched="among",
    ),
)  # fmt: skip
USERS_AND_ROLES = (
    Group(steps=("71_line_manager",), owner=("person_id", "line_id")),
    Group(steps=("71_line_filler",), owner=("line_id", "person_id")),
    Group(steps=("72_line_claim",), owner=("line_id", "person_id")),
    Group(steps=("72_register",)),
    Group(steps=("73_line_candidate",), owner=("line_id",), touched="line_candidates"),
    Group(steps=("74_line_user",), owner=("line_id",), touched="line_users", matters="line_id, person_id"),
    Group(steps=("75_adviser",), owner=("person_id", "adviser_person_id")),
    Group(steps=("76_adviser_edge",), owner=("person_id", "adviser_person_id")),
    Group(steps=("77_role_fact",), owner=("person_id",), touched="role_facts"),
    Group(steps=("78_role",), owner=("person_id",), touched="roles"),
    Group(steps=("79_depends",), owner=("person_id",), touched="depends"),
    Group(steps=("80_edge",), owner=("person_id", "household_id", "kind")),
)

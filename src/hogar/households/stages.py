"""In which order do the SQL steps run? The names of the files in `sql/`, stage by stage.

Parties → facts of persons → links between two → candidate pairs → evidence → what third persons say → users and roles.
"""

from __future__ import annotations

PARTIES = ("11_party", "12_party_home", "13_party_key", "14_name", "15_party_alike", "16_party_link")
FACTS = (
    "21_objector",
    "22_traffic_consenter",
    "23_individual",
    "27_person_line",
    "28_line_guess",
    "29_heard",
)
LINKS = (
    "24_surname",
    "25_home",
    "26_building",
    "31_payment_token",
    "32_account_link",
    "33_top_up_link",
    "34_care_link",
    "35_tie_link",
    "36_declared_link",
    "37_contact",
    "38_device_link",
    "39_night",
)
CANDIDATES = ("41_candidate_key", "42_candidate")
EVIDENCE = (
    "51_address_level",
    "52_shipping_level",
    "53_names_level",
    "54_account_level",
    "55_top_up_level",
    "56_care_level",
    "57_ties_level",
    "58_contacts_level",
    "60_device_level",
    "61_place_level",
    "62_absence_level",
    "63_age_level",
    "64_elsewhere_level",
    "65_door_level",
    "66_broadband_level",
    "67_pair",
)
FELLOWS = ("68_fellow", "69_third_level", "69_rival_level", "70_pair_among")
USERS_AND_ROLES = (
    "71_line_manager",
    "71_line_filler",
    "72_line_claim",
    "72_register",
    "73_line_candidate",
    "74_line_user",
    "75_adviser",
    "76_adviser_edge",
    "77_role_fact",
    "78_role",
    "79_depends",
    "80_edge",
)

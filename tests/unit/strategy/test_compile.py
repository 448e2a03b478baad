"""What compile adds, refuses and promises: house rules, labels, objectives, names of another scope, the hash."""

import pytest

from hogar import strategy
from hogar.errors import ProblemsFound
from hogar.strategy.types import Action
from hogar.telco.catalogue import Catalogue

ACTION = """name: Television
purpose: grow
scope: {scope}
interest: 0.1
value: {value}
reason: why not
{more}
treatments:
  web: {{es: Hola}}
"""
PATH = "strategy/actions/extra.yml"
Files = dict[str, str]
Offers = dict[str, str]


def _action(acme: Files, catalogue: Catalogue, offers: Offers | None, text: str) -> Action:
    compiled = strategy.compile(acme | {PATH: text}, catalogue, offers)
    return next(action for action in compiled.actions if action.key == "extra")


def _said(acme: Files, catalogue: Catalogue, offers: Offers | None = None) -> list[str]:
    return [str(problem) for problem in strategy.check(acme, catalogue, offers)]


def test_house_rules_come_before_the_authors(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """Owned, ordered, deliverable, spend band, no complaint: then what the author asks, cut at each `and`."""
    more = "offering: TV-BASIC\neligible_when: household.has_tv and (household.mobile_lines > 1 or household.has_tv)"
    action = _action(acme, catalogue, offers, ACTION.format(scope="household", value=10, more=more))
    kinds = [condition.kind for condition in action.conditions]
    assert kinds == [
        "owned",
        "ordered",
        "deliverable",
        "spend_band",
        "open_complaint",
        "eligible",
        "eligible",
    ]
    assert str(action.conditions[-1].place) == f"{PATH}:8:38"
    assert action.conditions[-1].text == "household.mobile_lines > 1 or household.has_tv"


def test_service_messages_pass_no_marketing_rules(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """A service message is no advertisement: neither spend band nor open complaint silences it."""
    text = ACTION.format(scope="person", value=10, more="message_class: service")
    assert _action(acme, catalogue, offers, text).conditions == ()


def test_house_rules_do_not_count_in_needs(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """They can only silence, so whose data they read does not decide who may hear the proposal."""
    text = ACTION.format(
        scope="household", value=10, more="offering: TV-BASIC\neligible_when: household.fibre_available"
    )
    assert _action(acme, catalogue, offers, text).needs == {"nobody"}


def test_words_count_in_needs(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """What a text says is said to its reader: a price for the same use rests on the payer's bill."""
    text = ACTION.format(scope="household", value=10, more="offering: TV-BASIC").replace(
        "Hola", '"{{ action.saving_eur | euros }}"'
    )
    assert _action(acme, catalogue, offers, text).needs == {"payer"}


def test_words_for_a_role_count_in_needs_whoever_hears_them(
    acme: Files, catalogue: Catalogue, offers: Offers
) -> None:
    """A bill that is named for the payer alone makes the whole action the payer's: no choice of words can leak it."""
    plain = ACTION.format(scope="household", value=10, more="offering: TV-BASIC")
    assert _action(acme, catalogue, offers, plain).needs == frozenset()
    varied = plain.replace(
        "Hola",
        '{text: Hola, roles: {financial_controller: "{{ action.saving_eur | euros }}", consumer: Hola}}',
    )
    action = _action(acme, catalogue, offers, varied)
    assert action.needs == {"payer"}
    assert {(each.role, each.names) for each in action.treatments} >= {
        ("", ()), ("financial_controller", ("action.saving_eur",)), ("consumer", ()),
    }  # fmt: skip


def test_facts_about_roaming_are_the_travellers(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """Roaming offers are compared by the traffic of the line's user; with kinds unknown the payer is assumed."""
    text = ACTION.format(
        scope="line", value=10, more="offering: ROAM-2GB-7\nsuitable_when: action.saving_eur > 0"
    )
    assert _action(acme, catalogue, offers, text).needs == {"person"}
    assert _action(acme, catalogue, None, text).needs == {"payer"}


def test_a_line_rests_on_the_whole_homes_bills_only_where_one_pays(
    acme: Files, catalogue: Catalogue, offers: Offers
) -> None:
    """The payer of one line does not learn from a proposal what the others in the home spend."""
    action = _action(
        acme, catalogue, offers, ACTION.format(scope="line", value="household.spend_eur", more="")
    )
    assert [condition.kind for condition in action.conditions] == ["open_complaint", "one_payer"]


def test_private_data_of_members_cannot_carry_a_proposal(
    acme: Files, catalogue: Catalogue, offers: Offers
) -> None:
    """A household's feature that holds members' private data may silence, never choose."""
    text = ACTION.format(scope="household", value=10, more="eligible_when: household.open_complaints > 1")
    said = _said(acme | {PATH: text}, catalogue, offers)
    assert len(said) == 1
    assert "`household.open_complaints` holds private data of single members" in said[0]


def test_the_objective_fills_in_value_and_purpose(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """The action's value is already the chosen objective's; levers and urgency make its weight."""
    path = "strategy/objectives.yml"
    changed = acme | {path: acme[path].replace("default: annual_value", "default: keep_the_base")}
    action = _action(
        changed, catalogue, offers, ACTION.format(scope="household", value=10, more="urgency: 2")
    )
    assert "action." not in action.value.text
    assert action.weight_permille == 2000
    retained = _action(
        changed,
        catalogue,
        offers,
        ACTION.format(scope="household", value=10, more="").replace("grow", "retain"),
    )
    assert retained.weight_permille == 1100


def test_a_house_rule_without_data_must_be_switched_off_by_name(acme: Files, offers: Offers) -> None:
    """A catalogue without complaints and spend bands: a problem each, until the project says so openly."""
    small = Catalogue.of([])
    texts = {path: text for path, text in acme.items() if path in _SINGLE} | {
        PATH: ACTION.format(scope="person", value=10, more="")
    }
    everywhere, _, _ = texts["strategy/policies.yml"].partition(
        "suppressed_actions:"
    )  # the rest names actions
    texts["strategy/policies.yml"] = everywhere
    said = _said(texts, small, offers)
    assert sum("the house rule `" in line and "house_rules: {" in line for line in said) == 2
    policies = texts["strategy/policies.yml"] + "house_rules: {open_complaint: off, spend_band: off}\n"
    assert _said(texts | {"strategy/policies.yml": policies}, small, offers) == []


def test_two_files_of_one_key_and_strays_are_found(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """Keys are file stems; a file in the wrong place is never silently left unread."""
    strays = {
        "strategy/actions/more/tv_basic.yml": acme["strategy/actions/tv_basic.yml"],
        "strategy/action/tv.yml": "",
        "strategy/polices.yml": "",
        "strategy/actions/tv.yaml": "",
        "strategy/actions/TV.yml": "",
        "strategy/notes.txt": "",
        "sources/person.sql": "not looked at",
    }
    assert _said(acme | strays, catalogue, offers) == [
        "strategy/action/tv.yml:1:1: `action` is not a strategy folder; did you mean `actions`?",
        "strategy/actions/TV.yml:1:1: `TV` cannot be a key; name the file with small letters, digits and `_`",
        "strategy/actions/tv.yaml:1:1: is not read; call it `tv.yml`",
        "strategy/actions/tv_basic.yml:1:1: `tv_basic` is already the key of strategy/actions/more/tv_basic.yml; "
        "rename one of the files",
        "strategy/notes.txt:1:1: is not read; strategy files end in `.yml`",
        "strategy/polices.yml:1:1: is not a strategy file; did you mean `policies.yml`?",
    ]


def test_one_broken_file_hides_no_other(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """Bytes that are no UTF-8, a broken policy file and a misspelt feature: each is one problem of its own."""
    texts: dict[str, str | bytes] = {
        **acme,
        "strategy/actions/tv_basic.yml": "name: Televisión".encode("latin-1"),
        "strategy/policies.yml": "channels: [",
        "strategy/actions/second_line.yml": acme["strategy/actions/second_line.yml"].replace(
            "has_broadband", "has_broadbnd"
        ),
    }
    assert [str(problem) for problem in strategy.check(texts, catalogue, offers)] == [
        "strategy/actions/second_line.yml:7:5: `household.has_broadbnd` is not known here; "
        "did you mean `household.has_broadband`?",
        "strategy/actions/tv_basic.yml:1:15: is not UTF-8 text; save the file as UTF-8",
        "strategy/policies.yml:1:12: is not valid YAML: expected the node content, but found '<stream end>'",
    ]


def test_nothing_at_all_is_said_in_four_problems(catalogue: Catalogue) -> None:
    """An empty project lacks its three files and an action, and nothing else is complained about."""
    assert [problem.split(";")[0] for problem in _said({}, catalogue)] == [
        "strategy/actions:1:1: holds no action",
        "strategy/objectives.yml:1:1: is missing",
        "strategy/policies.yml:1:1: is missing",
        "strategy/roles.yml:1:1: is missing",
    ]


def test_an_empty_file_lacks_everything(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """A file that is there and empty is no file that needs nothing."""
    for name, lacking in (("policies", 3), ("objectives", 2), ("roles", 2), ("triggers/outage_ended", 4)):
        said = _said(acme | {f"strategy/{name}.yml": "# nothing yet\n"}, catalogue, offers)
        mine = [line for line in said if line.startswith(f"strategy/{name}.yml:1:1") and " has no `" in line]
        assert len(mine) == lacking, said


def test_compile_raises_what_check_lists(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """One truth: the same problems either way, and no strategy beside them."""
    texts = acme | {PATH: "name: nothing else"}
    with pytest.raises(ProblemsFound) as found:
        strategy.compile(texts, catalogue, offers)
    assert list(found.value.problems) == strategy.check(texts, catalogue, offers)


def test_an_action_that_nothing_names_is_found(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """An action for campaigns only, in no campaign, could never be proposed."""
    text = ACTION.format(scope="household", value=10, more="modes: [campaign]").replace("web:", "sms:")
    assert _said(acme | {PATH: text}, catalogue, offers) == [
        f"{PATH}:1:1: action `extra` is for campaign mode, and nothing names it; name it in a trigger or campaign"
    ]


def test_the_hash_names_the_content(acme: Files, catalogue: Catalogue, offers: Offers) -> None:
    """Order and line endings do not matter; a changed word, a renamed file or another catalogue does."""
    name = strategy.strategy_hash(acme, catalogue, offers)
    assert strategy.compile(acme, catalogue, offers).hash == name
    assert strategy.strategy_hash(dict(reversed(acme.items())), catalogue, offers) == name
    assert (
        strategy.strategy_hash(
            {p: t.replace("\n", "\r\n").encode() for p, t in acme.items()}, catalogue, offers
        )
        == name
    )
    assert strategy.strategy_hash(acme | {"sources/person.sql": "x"}, catalogue, offers) == name
    path = "strategy/roles.yml"
    assert strategy.strategy_hash(acme | {path: acme[path] + "# a note\n"}, catalogue, offers) != name
    assert strategy.strategy_hash(acme, Catalogue.of([]), offers) != name


def test_the_hash_knows_the_kinds_of_the_offers_that_are_named(
    acme: dict[str, str], catalogue: Catalogue
) -> None:
    """A kind says whose data a comparison is; offers that no file names do not matter."""
    name = strategy.strategy_hash(acme, catalogue, {"FAM-4": "bundle", "ROAM-2GB-7": "roaming"})
    assert strategy.strategy_hash(acme, catalogue, {"FAM-4": "bundle", "ROAM-2GB-7": "mobile"}) != name
    more = {"FAM-4": "bundle", "ROAM-2GB-7": "roaming", "NEW-77": "mobile"}
    assert strategy.strategy_hash(acme, catalogue, more) == name


_SINGLE = ("strategy/policies.yml", "strategy/objectives.yml", "strategy/roles.yml")

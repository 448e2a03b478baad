"""What is the strategy that these files describe? Texts in, one immutable strategy out, or every problem at once.

Order: the triggers' event fields (names that all expressions may use), policies, objectives, roles, actions,
then what names actions. A broken file is one problem; the others are still read. Pure: no files, no clock.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from hogar.errors import Place, Problem, ProblemsFound
from hogar.strategy.campaigns import read_campaign
from hogar.strategy.completing import Surroundings, complete
from hogar.strategy.connections import check_connections
from hogar.strategy.controls import Controls, folder_problems, read_controls
from hogar.strategy.definitions import definitions_of
from hogar.strategy.documents import Document
from hogar.strategy.expressions import Parser, all_names
from hogar.strategy.house_rules import rules_in_force
from hogar.strategy.layout import PUBLISHED, Layout, decides, sort_files
from hogar.strategy.names import CONTEXT, TODAY, offer_asked, vocabulary
from hogar.strategy.objectives import read_objectives
from hogar.strategy.policies import priced, read_policies
from hogar.strategy.remembered import written_actions
from hogar.strategy.roles import read_roles
from hogar.strategy.triggers import event_fields, read_trigger
from hogar.strategy.types import Action, Strategy
from hogar.telco.catalogue import Catalogue

HASH_FORMAT = "hogar strategy 2"  # a new number when the same files come to mean something else

_WORD = re.compile(rb"[^\W_]+")  # an id occurs where all its words do, whatever is between them

Texts = Mapping[str, str | bytes]
Offers = Mapping[str, str] | frozenset[str] | None


def compile(texts: Texts, catalogue: Catalogue, offers: Offers = None) -> Strategy:
    """The strategy of a project. Raises ProblemsFound with every problem of every file.

    `texts` are the files below `strategy/` by their path relative to the project; other paths are ignored. Those of a
    published strategy may have `controls.yml`, what was changed at run time.
    `offers` maps offer ids to their kinds (`telco.tables.OFFER_KINDS`); a bare set of ids is read as of kinds
    unknown, None leaves offer ids unchecked.
    """
    strategy, problems = _compiled(texts, catalogue, offers)
    if problems or strategy is None:
        raise ProblemsFound(problems)
    return strategy


def check(texts: Texts, catalogue: Catalogue, offers: Offers = None) -> list[Problem]:
    """Every problem of a project's strategy files, in the order of file and line; none when it compiles.

    Controls, which only a published strategy has, are a problem here.
    """
    return sorted({*_compiled(texts, catalogue, offers)[1], *folder_problems(texts)})


def strategy_hash(texts: Texts, catalogue: Catalogue, offers: Offers = None) -> str:
    """The strategy's name: 16 hex digits over its files, the catalogue they are typed by, and the offers they name.

    Neither the order of the files nor their line endings matter. What is outside `strategy/` does not either, but for
    the definitions of the numbers that a published strategy has among its texts. Of the offers those count whose
    ids occur in the files, with their kinds: they say whose data a comparison is.
    """
    digest = hashlib.sha256(HASH_FORMAT.encode())
    named: set[bytes] = set()
    for path in sorted(path for path in texts if decides(path)):
        content = texts[path]
        raw = content.encode() if isinstance(content, str) else content
        _add(digest, path.encode(), raw.replace(b"\r\n", b"\n"))
        named.update(_WORD.findall(raw))
    kinds = _kinds(offers) or {}
    for offer in sorted(kinds):
        if named.issuperset(_WORD.findall(offer.encode())):
            _add(digest, b"offer", offer.encode(), kinds[offer].encode())
    for feature in catalogue:
        words = (feature.full_name, feature.entity, feature.type, feature.whose, *sorted(feature.purposes))
        _add(digest, *(word.encode() for word in words))
    for path, text in definitions_of(texts).items():
        _add(digest, b"definition", path.encode(), text.encode())
    return digest.hexdigest()[:16]


def _compiled(texts: Texts, catalogue: Catalogue, offers: Offers) -> tuple[Strategy | None, list[Problem]]:
    layout = sort_files(texts)
    action_keys = tuple(sorted(layout.folders["actions"]))
    fields, by_trigger = event_fields(_whole(layout.folders["triggers"]))
    kinds = _kinds(offers)
    parser = Parser(vocabulary(catalogue, kinds or None, fields))

    policies_document = layout.single["policies"]
    policies_read = read_policies(_or_aside(policies_document), action_keys, parser)
    policies = policies_read.policies
    rules = rules_in_force(
        policies_document if policies_document.root is not None else None,
        policies_read.house_rules, policies_read.fields.at("house_rules"), parser.words,
    )  # fmt: skip
    objectives = read_objectives(_or_aside(layout.single["objectives"]), parser, action_keys)
    controls = _controls(layout, objectives.names, action_keys, tuple(policies.channels))
    objectives, policies = objectives.under(controls), priced(policies, controls)
    roles = read_roles(_or_aside(layout.single["roles"]))
    # While the policies are wrong, nothing is said of channels and languages elsewhere.
    sure = not policies_document.problems
    channels = tuple(policies.channels) if sure else ()
    around = Surroundings(
        parser=parser, objectives=objectives, house_rules=rules, suppressions=policies_read.suppressions,
        controls=controls,
    )  # fmt: skip
    languages = policies.languages if sure else ()
    actions = {
        key: complete(written, layout.folders["actions"][key], around)
        for key, written in written_actions(layout, parser, languages, channels).items()
    }
    triggers = {
        name: read_trigger(document, name, parser, by_trigger[name], action_keys, channels)
        for name, document in _whole(layout.folders["triggers"]).items()
    }
    campaigns = {
        name: read_campaign(document, name, parser, action_keys, channels)
        for name, document in _whole(layout.folders["campaigns"]).items()
    }
    read = {key: action for key, action in actions.items() if action is not None}
    check_connections(layout, read, triggers, campaigns, by_trigger)
    problems = sorted(set(_problems(layout)))
    if kinds is not None and not kinds:
        problems += _no_offers(read)
    if problems:
        return None, problems
    return (
        Strategy(
            hash=strategy_hash(texts, catalogue, offers),
            actions=tuple(read[key] for key in sorted(read)),
            policies=policies,
            roles=roles,
            objective=objectives.chosen,
            triggers=tuple(triggers[name] for name in sorted(triggers)),
            campaigns=tuple(campaigns[name] for name in sorted(campaigns)),
            whose=parser.words.whose,
            event_fields={name: field.type for name, field in fields.items()} | CONTEXT | {TODAY: "date"},
            controls=controls,
        ),
        [],
    )


def _no_offers(actions: Mapping[str, Action]) -> list[Problem]:
    """One problem where actions name offers and none is known at all, rather than one at each name."""
    by_action = [named for action in actions.values() if (named := _offers_named(action))]
    if not by_action:
        return []
    count, first = len(by_action), min(set().union(*by_action))
    many = f"{count} actions name offers" if count > 1 else "1 action names an offer"
    return [
        Problem(
            place=Place(file="sources/offer.sql"), what=f"no offer is known, but {many} (`{first}`)",
            cure="write sources/offer.sql for your product catalogue and run `hogar ingest`, or take these actions out",
        )
    ]  # fmt: skip


def _offers_named(action: Action) -> set[str]:
    """The offers that an action sells or asks about."""
    asked = all_names([*(one.expression for one in action.conditions), action.interest, action.value])
    found = {offer for name in asked if (offer := offer_asked(name)) is not None}
    return found | ({action.offering} if action.offering is not None else set())


def _controls(
    layout: Layout, objectives: tuple[str, ...], action_keys: tuple[str, ...], channels: tuple[str, ...]
) -> Controls:
    document = layout.single.get(PUBLISHED)
    if document is None:
        return Controls()
    return read_controls(_or_aside(document), objectives, action_keys, channels)


def _whole(documents: Mapping[str, Document]) -> dict[str, Document]:
    """Those that could be read as YAML; an empty one is read too, and lacks everything."""
    return {
        key: document
        for key, document in documents.items()
        if document.root is not None or not document.problems
    }


def _or_aside(document: Document) -> Document:
    """The document; for a missing or broken one a copy whose further problems nobody hears: it has had its own."""
    broken = document.root is None and document.problems
    return Document(file=document.file, text="") if broken else document


def _problems(layout: Layout) -> list[Problem]:
    return [*layout.problems, *(problem for document in layout.documents() for problem in document.problems)]


def _kinds(offers: Offers) -> Mapping[str, str] | None:
    return dict.fromkeys(offers, "") if isinstance(offers, frozenset) else offers


def _add(digest: hashlib._Hash, *parts: bytes) -> None:
    """Each part with its length before it, so that no two lists of parts run together alike."""
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)

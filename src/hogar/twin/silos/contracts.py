"""What do CRM, the SIM registry and billing hold of contracts? Lines, their products, prepaid SIMs, accounts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from hogar.twin.arrays import Flags, Small, Texts
from hogar.twin.contracts.lines import (
    BROADBAND,
    CANCELLED,
    FIXED_VOICE,
    OPERATORS,
    PORT_OUT,
    POSTPAID,
    PREPAID,
    SILENT,
    TV,
)
from hogar.twin.contracts.tariffs import OFFERS
from hogar.twin.dirt import extract
from hogar.twin.tokens import day_texts, tokens
from hogar.twin.world import World

SERVICES = {POSTPAID: "MOVIL", BROADBAND: "BAF", FIXED_VOICE: "FIJO", TV: "TV"}
REASONS = {PORT_OUT: "PORTABILIDAD", CANCELLED: "BAJA VOLUNTARIA", SILENT: "INACTIVIDAD"}
DONORS = np.array([*OPERATORS, None], dtype=object)  # the last for numbers that are ours
METHODS = ("DOMICILIACION", "TARJETA", "EFECTIVO")
CARD, CASH = METHODS.index("TARJETA"), METHODS.index("EFECTIVO")
SPANISH_DAY = "%d/%m/%Y"


def files(world: World, rng: np.random.Generator) -> dict[str, pa.Table]:
    """`crm/lines.csv`, `crm/line_products.csv`, `prepaid/sims.csv` (Latin-1, semicolons), `billing/accounts.csv`."""
    dirt = world.params.dirt
    unread = (("servicio", "FAX"), ("f_alta", "2024-13-01"))
    return {
        "crm/lines.csv": extract(_lines(world), dirt, rng, invalid=unread),
        "crm/line_products.csv": extract(_products(world), dirt, rng, invalid=(("desde", "n/d"),)),
        "prepaid/sims.csv": extract(_sims(world), dirt, rng, encoding="latin-1", delimiter=";"),
        "billing/accounts.csv": extract(_accounts(world), dirt, rng),
    }


def holders(world: World) -> Texts:
    """The party in whose name each line stands: a person, his second customer number, his business, a company."""
    lines, parties = world.contracts.lines, world.parties
    own = np.where(
        world.parties.holder_is_duplicate, parties.duplicate[lines.holder], parties.crm[lines.holder]
    )
    found = np.where(lines.by_business, parties.business[lines.holder], own)
    found = np.where(lines.kind == PREPAID, parties.prepaid[lines.holder], found)
    company = lines.company >= 0
    found[company] = parties.company[lines.company[company]]
    return np.asarray(found)


def _lines(world: World) -> dict[str, Texts]:
    lines, parties = world.contracts.lines, world.parties
    rows = np.flatnonzero(lines.kind != PREPAID)
    return {
        "linea": parties.line[rows],
        "servicio": _words(SERVICES, lines.kind[rows]),
        "titular": holders(world)[rows],
        "cuenta": parties.account[lines.account[rows]],
        "f_alta": day_texts(lines.started[rows]),
        "f_baja": day_texts(lines.ended[rows]),
        "motivo_baja": _words(REASONS, lines.reason[rows]),
        "permanencia_hasta": day_texts(lines.commitment_until[rows]),
        "msisdn": parties.msisdn[rows],
        "operador_donante": DONORS[lines.ported_from[rows]],
    }


def _products(world: World) -> dict[str, Texts]:
    """What lines held and hold; with a line all that it held has ended."""
    lines, history = world.contracts.lines, world.contracts.history
    ended = lines.ended[history.line]
    gone = ~np.isnat(ended)
    plan = lines.offer[history.line] == history.offer
    since = np.where(gone & plan, np.minimum(history.since, ended), history.since)
    until = np.where(gone & (np.isnat(history.until) | (history.until > ended)), ended, history.until)
    held: Flags = (lines.kind[history.line] != PREPAID) & ~(gone & (since > ended))
    rows = np.flatnonzero(held)
    return {
        "linea": world.parties.line[history.line[rows]],
        "producto": np.array([offer.id for offer in OFFERS], dtype=object)[history.offer[rows]],
        "desde": day_texts(since[rows]),
        "hasta": day_texts(until[rows]),
    }


def _sims(world: World) -> dict[str, Texts]:
    lines, parties = world.contracts.lines, world.parties
    rows = np.flatnonzero(lines.kind == PREPAID)
    return {
        "sim": parties.line[rows],
        "titular_registro": holders(world)[rows],
        "tarifa": np.array([offer.id for offer in OFFERS], dtype=object)[lines.offer[rows]],
        "activada": day_texts(lines.started[rows], SPANISH_DAY),
        "desactivada": day_texts(lines.ended[rows], SPANISH_DAY),
        "motivo": _words(REASONS, lines.reason[rows]),
        "msisdn": parties.msisdn[rows],
        "operador_donante": DONORS[lines.ported_from[rows]],
    }


def _accounts(world: World) -> dict[str, Texts]:
    accounts, parties = world.contracts.accounts, world.parties
    company = accounts.company >= 0
    payer = np.where(accounts.by_business, parties.business[accounts.payer], parties.crm[accounts.payer])
    payer[company] = parties.company[accounts.company[company]]
    bank = np.where(
        accounts.by_business,
        tokens(world.key, "business bank", accounts.bank_of),
        tokens(world.key, "bank", accounts.bank_of),
    )
    bank[company] = tokens(world.key, "company bank", accounts.company[company])
    by_card = (accounts.method == CARD) & ~accounts.by_business & ~company
    bank[by_card] = tokens(world.key, "card", accounts.payer[by_card])
    bank[accounts.method == CASH] = None
    return {
        "account_no": parties.account,
        "payer_customer": payer,
        "iban_token": bank,
        "opened": day_texts(accounts.opened),
        "forma_pago": np.array(METHODS, dtype=object)[accounts.method],
    }


def _words(words: dict[int, str], codes: Small) -> Texts:
    """A code's word, None for a code that has none."""
    known = np.array([words.get(code) for code in range(max(words) + 1)], dtype=object)
    return np.asarray(known[codes])

"""What do CRM, the SIM registry and billing hold of contracts? Lines, products, accounts, invoices, top-ups."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa

from hogar.twin.dirt import Row, bad, extract
from hogar.twin.names import token
from hogar.twin.world import World

SERVICES = {"mobile_postpaid": "MOVIL", "broadband": "BAF", "fixed_voice": "FIJO", "tv": "TV"}
LINES = ("linea", "servicio", "titular", "cuenta", "f_alta", "f_baja", "motivo_baja", "permanencia_hasta")
PRODUCTS = ("linea", "producto", "desde", "hasta")
SIMS = ("sim", "titular_registro", "tarifa", "activada", "desactivada", "motivo")
ACCOUNTS = ("account_no", "payer_customer", "iban_token", "opened")
INVOICES = (
    "invoice_line",
    "account_no",
    "line_no",
    "period",
    "fee_eur",
    "overage_eur",
    "gb_used",
    "gb_included",
)
TOP_UPS = ("id_recarga", "sim", "fecha_hora", "importe_eur", "pagador", "token_tarjeta")
REASONS = {"port_out": "PORTABILIDAD", "cancelled": "BAJA VOLUNTARIA", "silent": "INACTIVIDAD", "": None}


def files(world: World, rng: np.random.Generator) -> dict[str, pa.Table]:
    """CRM's lines and products, prepaid SIMs, billing's accounts and invoices, the top-up system."""
    dirt, now = world.params.dirt, world.params.now
    future = (now.date() + timedelta(days=90)).isoformat()
    lines, products = _lines(world, rng)
    return {
        "crm/lines.csv": extract(LINES, lines, dirt, rng, invalid=(bad(1, "FAX"), bad(4, "2024-13-01"))),
        "crm/line_products.csv": extract(PRODUCTS, products, dirt, rng, invalid=(bad(2, "n/d"),)),
        "prepaid/sims.csv": extract(SIMS, _sims(world), dirt, rng, encoding="latin-1", delimiter=";"),
        "billing/accounts.csv": extract(ACCOUNTS, _accounts(world), dirt, rng),
        "billing/invoices.csv": extract(
            INVOICES, _invoices(world, rng), dirt, rng, invalid=(bad(4, "18,00"), bad(3, future[:7]))
        ),
        "topup/recargas.csv": extract(
            TOP_UPS, _top_ups(world, rng), dirt, rng, invalid=(bad(3, "-5.00"), bad(2, f"{future} 10:00:00"))
        ),
    }


def _lines(world: World, rng: np.random.Generator) -> tuple[list[Row], list[Row]]:
    lines: list[Row] = []
    products: list[Row] = []
    for line in world.contracts.lines:
        if line.kind == "mobile_prepaid":
            continue
        parties, id = world.parties, world.parties.line[line.number]
        holder = parties.business[line.holder] if line.by_business else parties.crm[line.holder]
        if line.number in parties.holder_is_duplicate:
            holder = parties.duplicate[line.holder]
        ended = line.ended.isoformat() if line.ended else None
        until = line.commitment_until.isoformat() if line.commitment_until else None
        lines.append([
            id, SERVICES[line.kind], holder, parties.account[line.account], line.started.isoformat(), ended,
            REASONS[line.reason], until,
        ])  # fmt: skip
        since = max(line.started, min(line.plan_since, line.ended or line.plan_since))
        products += [[id, offer, since.isoformat(), ended] for offer in line.offers]
        if since > line.started and line.kind == "mobile_postpaid" and rng.random() < 0.4:
            earlier = "MOB-S" if "MOB-S" not in line.offers else "MOB-M"
            products.append([id, earlier, line.started.isoformat(), since.isoformat()])
    return lines, products


def _sims(world: World) -> list[Row]:
    rows: list[Row] = []
    for line in world.contracts.lines:
        if line.kind == "mobile_prepaid":
            ended = line.ended.strftime("%d/%m/%Y") if line.ended else None
            rows.append([
                world.parties.line[line.number], world.parties.prepaid[line.holder], line.offers[0],
                line.started.strftime("%d/%m/%Y"), ended, REASONS[line.reason],
            ])  # fmt: skip
    return rows


def _accounts(world: World) -> list[Row]:
    parties = world.parties
    trading = {line.account for line in world.contracts.lines if line.by_business}
    return [
        [
            parties.account[account.number],
            (parties.business if account.number in trading else parties.crm)[account.payer],
            token("bank" if account.number not in trading else "business bank", account.bank_of),
            account.opened.isoformat(),
        ]
        for account in world.contracts.accounts
    ]


def _invoices(world: World, rng: np.random.Generator) -> list[Row]:
    numbers = rng.permutation(len(world.bills)) + 40_000_000
    line, account = world.parties.line, world.parties.account
    return [
        [
            f"F{numbers[place]}", account[bill.account], line[bill.line], f"{bill.month:%Y-%m}",
            f"{bill.fee / 100:.2f}",
            f"{bill.overage / 100:.2f}", None if bill.used_gb is None else f"{bill.used_gb:.2f}",
            None if bill.allowed_gb is None else f"{bill.allowed_gb:g}",
        ]
        for place, bill in enumerate(world.bills)
    ]  # fmt: skip


def _top_ups(world: World, rng: np.random.Generator) -> list[Row]:
    numbers = rng.permutation(len(world.top_ups)) + 7_000_000
    # Whose bank account a card is drawn on: the bill's, or the person's own where there is no bill.
    bank_of = {account.payer: account.bank_of for account in reversed(world.contracts.accounts)}
    rows: list[Row] = []
    for place, top_up in enumerate(world.top_ups):
        payer, card = None, None
        if top_up.payer >= 0:
            if top_up.by_card:
                card = token("bank", bank_of.get(top_up.payer, top_up.payer))
            if not top_up.by_card or rng.random() < 0.5:
                payer = world.parties.any_of(top_up.payer)
        rows.append([
            f"R{numbers[place]}", world.parties.line[top_up.line], top_up.at, f"{top_up.cents / 100:.2f}", payer, card,
        ])  # fmt: skip
    return rows

"""What do care, web, order, campaign and privacy systems hold? Tickets, visits, log-ins, orders, messages, consents."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pyarrow as pa

from hogar.twin.calendar import moment
from hogar.twin.dirt import Row, bad, extract
from hogar.twin.world import World

CHANNEL_CODES = {"sms": "SMS", "email": "EMAIL", "push": "PUSH", "mail": "CARTA", "call": "LLAMADA", "web": "WEB",
                 "app": "APP", "call_centre": "CENTRO", "shop": "TIENDA"}  # fmt: skip
TICKETS = ("ticket", "cliente", "linea", "tipo", "tema", "apertura", "cierre")
VISITS = ("visit_id", "user_id", "ts", "page")
LOGINS = ("user_id", "line_no", "logins_last_90d")
ORDERS = ("order_no", "customer", "line_no", "product_code", "status", "created")
CONTACTS = ("contact_id", "customer", "channel", "class", "sent_at", "campaign", "result")
DECLARATIONS = ("id_nota", "id_cliente", "que", "rol", "otro", "linea", "fecha")
CONSENTS = ("cliente", "finalidad", "canal", "valor", "fecha")


def files(world: World, rng: np.random.Generator) -> dict[str, pa.Table]:
    """Everything in which a person met the operator, and what they said of it."""
    dirt, touches, parties = world.params.dirt, world.touches, world.parties
    future = (world.params.now + timedelta(days=30)).strftime("%Y-%m-%d 10:00:00")

    def ids(letter: str, count: int) -> list[str]:
        return [f"{letter}{number}" for number in rng.permutation(count) + 100_000]

    visits = [
        [id, parties.web[v.person].id, v.at, v.topic]
        for id, v in zip(ids("V", len(touches.visits)), touches.visits, strict=True)
    ]
    logins = [[parties.web[one.person].id, parties.line[one.line], str(one.times)] for one in touches.logins]
    orders = [
        [id, one.party, parties.line[one.line], one.offer, one.state.upper(), one.at]
        for id, one in zip(ids("O", len(touches.orders)), touches.orders, strict=True)
    ]
    contacts = [
        [id, one.party, one.channel, one.message_class, one.at, one.campaign, one.outcome]
        for id, one in zip(ids("K", len(touches.contacts)), touches.contacts, strict=True)
    ]
    declared = [
        [
            id,
            one.party,
            one.kind,
            one.role,
            one.other,
            parties.line[one.line] if one.line >= 0 else None,
            one.at,
        ]
        for id, one in zip(ids("D", len(touches.declarations)), touches.declarations, strict=True)
    ]
    return {
        "care/tickets.csv": extract(
            TICKETS, _tickets(world, rng), dirt, rng, invalid=(bad(3, "OTRO"), bad(5, future))
        ),
        "web/visits.csv": extract(VISITS, visits, dirt, rng, invalid=(bad(2, future),)),
        "web/logins.csv": extract(LOGINS, logins, dirt, rng, invalid=(bad(2, "-1"),)),
        "orders/orders.csv": extract(ORDERS, orders, dirt, rng),
        "campaign/contacts.csv": extract(CONTACTS, contacts, dirt, rng, invalid=(bad(3, "spam"),)),
        "crm/declarations.csv": extract(DECLARATIONS, declared, dirt, rng),
        "privacy/consents.csv": extract(CONSENTS, _consents(world, rng), dirt, rng),
    }


def _tickets(world: World, rng: np.random.Generator) -> list[Row]:
    rows: list[Row] = []
    kinds = {"complaint": "RECLAMACION", "fault": "AVERIA", "question": "CONSULTA"}
    numbers = rng.permutation(len(world.tickets)) + 500_000
    for place, ticket in enumerate(world.tickets):
        line = world.contracts.lines[ticket.line]
        if line.ended is not None and ticket.opened > line.ended:
            continue
        candidates = [world.parties.any_of(person) for person in (line.user, line.holder)]
        known = [party for party in candidates if party is not None]
        party = known[int(rng.random() * len(known))]
        closed = moment(rng, ticket.closed) if ticket.closed else None
        opened = moment(rng, ticket.opened)
        if closed is not None and closed < opened:
            closed = opened
        about = world.parties.line[ticket.line] if rng.random() < 0.9 else None
        rows.append([f"T{numbers[place]}", party, about, kinds[ticket.kind], ticket.topic, opened, closed])
    return rows


def _consents(world: World, rng: np.random.Generator) -> list[Row]:
    """One decision a row; what a person decided stands under each id that the person has with us."""
    today = world.params.now.date()
    rows: list[Row] = []
    for person, decided in world.consents.items():
        at = moment(rng, today - timedelta(days=20 + int(rng.random() * 1200)))
        for party in world.parties.all_of(person):
            if party.startswith("W"):
                continue
            for channel, code in CHANNEL_CODES.items():
                if channel in decided.marketing:
                    rows.append([party, "COMERCIAL", code, "S", at])
                elif not decided.marketing and channel in ("sms", "email", "call"):
                    rows.append([party, "COMERCIAL", code, "N", at])
            if decided.traffic or rng.random() < 0.5:
                rows.append([party, "TRAFICO", "TODOS", "S" if decided.traffic else "N", at])
            if decided.location:
                rows.append([party, "UBICACION", "TODOS", "S", at])
            if decided.objects:
                rows.append([party, "PERFILADO", "TODOS", "N", at])
    return rows

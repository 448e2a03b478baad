"""What do care, web, order, campaign and privacy systems hold? Tickets, visits, log-ins, orders, messages, consents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hogar.telco.channels import CHANNELS
from hogar.telco.roles import ROLES
from hogar.twin.arrays import NEVER, Days, Index, Texts
from hogar.twin.behaviour import care
from hogar.twin.behaviour import touch as touching
from hogar.twin.calendar import moments, today
from hogar.twin.contracts.tariffs import OFFERS
from hogar.twin.dirt import extract
from hogar.twin.silos.money import named, numbered
from hogar.twin.world import World

CHANNEL_CODES = {"sms": "SMS", "email": "EMAIL", "push": "PUSH", "mail": "CARTA", "call": "LLAMADA", "web": "WEB",
                 "app": "APP", "call_centre": "CENTRO", "shop": "TIENDA"}  # fmt: skip
REFUSED = ("sms", "email", "call")  # the channels that a no to everything is written for
TICKET_KINDS = ("RECLAMACION", "AVERIA", "CONSULTA")
FIRST_ID, FIRST_TICKET = 100_000, 500_000
MARKETING = touching.MESSAGE_CLASSES.index("marketing")
LINE_NAMED = 0.9  # of tickets: the agent notes the line


def files(world: World, rng: np.random.Generator, visits: Texts) -> dict[str, pa.Table]:
    """Everything in which a person met the operator, and what they said of it; `visits` as of `write_down`."""
    dirt, future = world.params.dirt, (world.params.now + timedelta(days=30)).strftime("%Y-%m-%d 10:00:00")
    return {
        "care/tickets.csv": extract(
            _tickets(world, rng), dirt, rng, invalid=(("tipo", "OTRO"), ("apertura", future))
        ),
        "web/visits.csv": extract(_visits(world, rng, visits), dirt, rng, invalid=(("ts", future),)),
        "web/logins.csv": extract(_logins(world), dirt, rng, invalid=(("logins_last_90d", "-1"),)),
        "orders/orders.csv": extract(_orders(world, rng), dirt, rng),
        "campaign/contacts.csv": extract(_contacts(world, rng), dirt, rng, invalid=(("class", "spam"),)),
        "crm/declarations.csv": extract(_declarations(world, rng), dirt, rng),
        "privacy/consents.csv": extract(_consents(world, rng), dirt, rng),
    }


def _tickets(world: World, rng: np.random.Generator) -> dict[str, Any]:
    """Of living lines; by somebody whom we know, else written under the line's holder. Calm homes are content."""
    tickets, lines, parties = world.tickets, world.contracts.lines, world.parties
    best, company = parties.best(), np.append(parties.company, "")
    holder = lines.holder[tickets.line]
    speaker = np.where(best[tickets.opener] == "", holder, tickets.opener)
    party = np.where(best[speaker] == "", company[lines.company[tickets.line]], best[speaker])
    calm = world.segments.of_home[world.population.home[speaker]] > 0
    ended = lines.ended[tickets.line]
    written = (party != "") & ~((tickets.kind == care.COMPLAINT) & calm)
    kept = np.flatnonzero(written & (np.isnat(ended) | (tickets.opened <= ended)))
    line, kind = tickets.line[kept], tickets.kind[kept]
    topics = [topic for words in care.TOPICS for topic in words]
    offsets = np.cumsum([0, *map(len, care.TOPICS)])[:-1]
    opened = moments(rng, tickets.opened[kept])
    closed = np.maximum(moments(rng, tickets.closed[kept]), opened)
    noted = rng.random(len(kept)) < LINE_NAMED
    return {
        "ticket": numbered("T", FIRST_TICKET, len(kept), rng),
        "cliente": party[kept],
        "linea": named(parties.line, np.where(noted, line, -1)),
        "tipo": named(TICKET_KINDS, kind),
        "tema": named(topics, offsets[kind] + tickets.topic[kept]),
        "apertura": pa.array(opened),
        "cierre": pa.array(closed),
    }


def _visits(world: World, rng: np.random.Generator, told: Texts) -> dict[str, Any]:
    touches = world.touches
    own = np.array(_ids("V", touches.visit_person, rng).to_pylist(), dtype=object)
    return {
        "visit_id": pa.array(np.where(told == "", own, told), pa.string()),
        "user_id": named(world.parties.web, touches.visit_person),
        "ts": pa.array(touches.visit_at),
        "page": named(touching.TOPICS, touches.visit_topic),
    }


def _logins(world: World) -> dict[str, Any]:
    touches = world.touches
    return {
        "user_id": named(world.parties.web, touches.login_person),
        "line_no": named(world.parties.line, touches.login_line),
        "logins_last_90d": pa.array(touches.login_times),
    }


def _orders(world: World, rng: np.random.Generator) -> dict[str, Any]:
    touches = world.touches
    return {
        "order_no": _ids("O", touches.order_person, rng),
        "customer": named(world.parties.best(), touches.order_person),
        "line_no": named(world.parties.line, touches.order_line),
        "product_code": named([offer.id for offer in OFFERS], touches.order_offer),
        "status": named([state.upper() for state in touching.ORDER_STATES], touches.order_state),
        "created": pa.array(touches.order_at),
    }


def _contacts(world: World, rng: np.random.Generator) -> dict[str, Any]:
    """What was sent; nothing of marketing to whom the channel was refused."""
    touches = world.touches
    place = np.array([CHANNELS.index(channel) for channel in touching.CONTACT_CHANNELS])
    allowed = world.consents.marketing[touches.contact_person, place[touches.contact_channel]]
    rows = np.flatnonzero(allowed | (touches.contact_class != MARKETING))
    return {
        "contact_id": _ids("K", rows, rng),
        "customer": named(world.parties.best(), touches.contact_person[rows]),
        "channel": named(touching.CONTACT_CHANNELS, touches.contact_channel[rows]),
        "class": named(touching.MESSAGE_CLASSES, touches.contact_class[rows]),
        "sent_at": pa.array(touches.contact_at[rows]),
        "campaign": named(touching.CAMPAIGNS, touches.contact_campaign[rows]),
        "result": named(touching.OUTCOMES, touches.contact_outcome[rows]),
    }


def _declarations(world: World, rng: np.random.Generator) -> dict[str, Any]:
    """Notes of agents and forms; no note is older than the customer or the line that it is about."""
    touches, parties, best = world.touches, world.parties, world.parties.best()
    first = np.where(parties.crm != "", parties.since.crm, parties.since.prepaid)[touches.said_person]
    last = (today(world.params.now) - 1).astype("datetime64[s]")
    started = np.where(touches.said_line >= 0, world.contracts.lines.started[touches.said_line], NEVER)
    earliest = np.fmax(first, started) + 2
    at = np.minimum(np.fmax(touches.said_at, moments(rng, earliest)), last)
    return {
        "id_nota": _ids("D", touches.said_person, rng),
        "id_cliente": named(best, touches.said_person),
        "que": named(touching.DECLARATIONS, touches.said_kind),
        "rol": named(ROLES, touches.said_role),
        "otro": named(best, touches.said_other),
        "linea": named(world.parties.line, touches.said_line),
        "fecha": pa.array(at),
    }


def _consents(world: World, rng: np.random.Generator) -> dict[str, Any]:
    """One decision a row; what a person decided stands under each id that the person has with us."""
    decided, parties = world.consents, world.parties
    count = len(decided.asked)
    tells = decided.traffic | (rng.random(count) < 0.5)
    silent = ~decided.marketing.any(axis=1)
    rows: list[tuple[NDArray[Any], str, str, NDArray[Any]]] = []
    for place, channel in enumerate(CHANNELS):
        yes = decided.marketing[:, place]
        said = yes | silent if channel in REFUSED else yes
        rows.append((said, "COMERCIAL", CHANNEL_CODES[channel], yes))
    rows.append((tells, "TRAFICO", "TODOS", decided.traffic))
    rows.append((decided.location, "UBICACION", "TODOS", decided.location))
    rows.append((decided.objects, "PERFILADO", "TODOS", ~decided.objects))
    persons: list[Index] = []
    which: list[Index] = []
    ids: list[pa.Array] = []
    when: list[NDArray[Any]] = []
    since = parties.since
    for known, first in (
        (parties.crm, since.crm), (parties.duplicate, since.duplicate), (parties.prepaid, since.prepaid),
        (parties.business, since.business),
    ):  # fmt: skip
        at = _asked(first, world, rng)
        has, words = decided.asked & (known != ""), pa.array(known, pa.string())
        for place, (said, *_) in enumerate(rows):
            person = np.flatnonzero(has & said)
            persons.append(person)
            which.append(np.full(len(person), place))
            ids.append(words.take(pa.array(person)))
            when.append(at[person])
    person, row = np.concatenate(persons), np.concatenate(which)
    granted = np.stack([value for *_, value in rows])[row, person]
    return {
        "cliente": pc.cast(pa.chunked_array(ids), pa.string()).combine_chunks(),
        "finalidad": named([purpose for _, purpose, _, _ in rows], row),
        "canal": named([code for _, _, code, _ in rows], row),
        "valor": named(["N", "S"], granted.astype(np.int64)),
        "fecha": pa.array(np.concatenate(when)),
    }


def _asked(first: Days, world: World, rng: np.random.Generator) -> NDArray[Any]:
    """The moment at which each person was asked under one of the ids: no earlier than as a customer."""
    last = today(world.params.now) - 1
    low = np.minimum(np.maximum(first, last - 1200), last)
    return moments(
        rng, low + (rng.random(len(first)) * (last - low).astype(np.int64)).astype("timedelta64[D]")
    )


def _ids(letter: str, rows: NDArray[Any], rng: np.random.Generator) -> pa.Array:
    return numbered(letter, FIRST_ID, len(rows), rng)

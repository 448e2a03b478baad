"""Who do CRM, the prepaid registry and the web know? Customers, addresses, registrations, self-care accounts.

Reads the true world; returns files of text in each system's own words. Addresses are written by `addresses`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hogar.twin.arrays import Days, Flags, Index, Texts
from hogar.twin.calendar import today
from hogar.twin.chance import between
from hogar.twin.dirt import each, empty, extract, lose, smudge, some, without_accents
from hogar.twin.people.population import MALE
from hogar.twin.silos.addresses import Forms
from hogar.twin.tokens import day_texts, moment_texts, tokens
from hogar.twin.world import World

TRADES = np.array(["Reformas", "Taller", "Peluquería", "Asesoría", "Bar", "Transportes"], dtype=object)
CATALAN = ("08", "17", "25", "43")  # first digits of the postcodes where some customers chose Catalan


def files(world: World, rng: np.random.Generator) -> dict[str, pa.Table]:
    """`crm/customers.csv`, `crm/addresses.csv`, `prepaid/registry.csv` (Latin-1, semicolons), `web/accounts.csv`."""
    dirt = world.params.dirt
    late = (world.params.now.date() + timedelta(days=400)).strftime("%d/%m/%Y")
    forms = Forms.of(world, rng)
    return {
        "crm/customers.csv": extract(
            _customers(world, rng), dirt, rng,
            invalid=(("fecha_nacimiento", "31/02/1985"), ("tipo", "X"), ("fecha_alta", late)),
        ),
        "crm/addresses.csv": extract(
            _addresses(world, forms, rng), dirt, rng, invalid=(("tipo", "trastero"), ("desde", late))
        ),
        "prepaid/registry.csv": extract(
            _registry(world, forms, rng), dirt, rng,
            invalid=(("nacimiento", "00/00/0000"),), encoding="latin-1", delimiter=";",
        ),
        "web/accounts.csv": extract(_accounts(world, rng), dirt, rng, invalid=(("created_at", "yesterday"),)),
    }  # fmt: skip


def _customers(world: World, rng: np.random.Generator) -> dict[str, Texts]:
    """Persons, the same persons again, the businesses of sole traders, and companies."""
    parties, names, people, dirt = world.parties, world.names, world.population, world.params.dirt
    own, again = np.flatnonzero(parties.crm != ""), np.flatnonzero(parties.duplicate != "")
    who = np.concatenate([own, again])
    first, last, second = (smudge(part[who], dirt, rng) for part in (names.first, names.last, names.second))
    swapped = rng.random(len(who)) < dirt.swapped_names * dirt.level
    copy = np.arange(len(who)) >= len(own)
    minor = ~people.adult[who] & (rng.random(len(who)) < min(0.4, 0.4 * dirt.level))
    traders, companies = np.flatnonzero(parties.business != ""), np.flatnonzero(parties.company != "")
    persons = {
        "id_cliente": np.concatenate([parties.crm[own], parties.duplicate[again]]),
        "tipo": _same("P", len(who)),
        "nif": empty(lose(names.national_id[who], dirt, rng), minor),
        "nombre": np.where(swapped, last, first),
        "apellido1": np.where(swapped, first, last),
        "apellido2": empty(second, copy & (rng.random(len(who)) < 0.5)),
        "fecha_nacimiento": lose(day_texts(people.birth[who], "%d/%m/%Y"), dirt, rng),
        "sexo": np.where(people.sex[who] == MALE, "H", "M").astype(object),
        "idioma": np.where(_catalan(world, who) & (rng.random(len(who)) < 0.4), "ca", "es").astype(object),
        "email_hash": empty(tokens(world.key, "email", names.email[who], 20), rng.random(len(who)) >= 0.7),
        "fecha_alta": _first_days(np.where(copy, parties.since.duplicate[who], parties.since.crm[who])),
    }
    trade = TRADES[between(rng, 0, len(TRADES) - 1, len(traders))]
    enterprises = {
        "id_cliente": np.concatenate([parties.business[traders], parties.company[companies]]),
        "tipo": _same("E", len(traders) + len(companies)),
        "nif": np.concatenate([names.national_id[traders], names.registration[companies]]),
        "apellido1": smudge(
            np.concatenate([trade + " " + names.last[traders], names.company[companies]]), dirt, rng
        ),
        "idioma": _same("es", len(traders) + len(companies)),
        "fecha_alta": np.concatenate(
            [_first_days(parties.since.business[traders]), _long_since(world, len(companies), rng)]
        ),
    }
    nothing = _same(None, len(traders) + len(companies))
    return {
        name: np.concatenate([column, enterprises.get(name, nothing)]) for name, column in persons.items()
    }


def _addresses(world: World, forms: Forms, rng: np.random.Generator) -> dict[str, Texts]:
    """A home address for most customers; some have one for deliveries or bills; a few are out of date."""
    parties, dirt = world.parties, world.params.dirt
    groups = [np.flatnonzero(ids != "") for ids in (parties.crm, parties.duplicate, parties.business)]
    who = np.concatenate(groups)
    ids = np.concatenate([parties.crm[groups[0]], parties.duplicate[groups[1]], parties.business[groups[2]]])
    companies = np.flatnonzero(parties.company != "")
    known = (parties.since.crm, parties.since.duplicate, parties.since.business)
    since = _first_days(np.concatenate([days[rows] for days, rows in zip(known, groups, strict=True)]))
    believed = forms.believed(who, 1.0, rng)
    draws = rng.random((3, len(who)))
    main = np.flatnonzero((draws[0] >= dirt.address_missing * dirt.level) | forms.careful[who])
    delivery = np.flatnonzero(draws[1] < 0.08)
    bills = np.flatnonzero((draws[1] >= 0.08) & (draws[2] < 0.03))
    home = world.places.dwelling[world.population.home[who]]
    parts = [
        (main, "domicilio", forms.written(who[main], believed[main], rng)),
        (delivery, "envio", forms.written(who[delivery], home[delivery], rng)),
        (bills, "facturacion", forms.written(who[bills], believed[bills], rng)),
    ]
    offices = forms.offices(world.places.workplace_building[companies], rng)
    columns: dict[str, Texts] = {
        "id_cliente": np.concatenate([*(ids[rows] for rows, _, _ in parts), parties.company[companies]]),
        "tipo": np.concatenate(
            [*(_same(kind, len(rows)) for rows, kind, _ in parts), _same("domicilio", len(companies))]
        ),
    }
    for place, name in enumerate(("via", "numero", "piso_puerta", "cp", "poblacion")):
        columns[name] = np.concatenate([*(texts[place] for _, _, texts in parts), offices[place]])
    columns["desde"] = np.concatenate(
        [*(since[rows] for rows, _, _ in parts), _long_since(world, len(companies), rng)]
    )
    return columns


def _registry(world: World, forms: Forms, rng: np.random.Generator) -> dict[str, Texts]:
    """What a shop typed from an id card: capitals, no accents, both surnames in one field."""
    names, people, dirt = world.names, world.population, world.params.dirt
    who = np.flatnonzero(world.parties.prepaid != "")
    first, last, second = (
        each(smudge(part[who], dirt, rng), _capitals) for part in (names.first, names.last, names.second)
    )
    half = rng.random(len(who)) < 0.03 * min(dirt.level, 5)  # without the check letter
    street, number, unit, postcode, city = forms.written(who, forms.believed(who, 1.5, rng), rng)
    both = np.where(second == "", last, last + " " + second)
    return {
        "id_registro": world.parties.prepaid[who],
        "documento": some(names.national_id[who], half, lambda text: text[:-1]),
        "nombre": first,
        "apellidos": both,
        "nacimiento": day_texts(people.birth[who], "%d/%m/%Y"),
        "sexo": np.where(people.sex[who] == MALE, "V", "M").astype(object),
        "direccion": each(street, str.upper),
        "num": number,
        "piso": unit,
        "cod_postal": postcode,
        "localidad": each(city, str.upper),
        "f_registro": _first_days(world.parties.since.prepaid[who]),
    }


def _accounts(world: World, rng: np.random.Generator) -> dict[str, Texts]:
    """What people typed of themselves: often no document, sometimes an address for e-mail that CRM does not know."""
    names, parties, dirt = world.names, world.parties, world.params.dirt
    who = np.flatnonzero(parties.web != "")
    known = tokens(world.key, "email", names.email[who], 20)
    other = tokens(world.key, "other email", rng.integers(0, 1 << 62, len(who)), 20)
    ago = rng.integers(20 * 86400, 1520 * 86400, len(who)).astype("timedelta64[s]")
    return {
        "user_id": parties.web[who],
        "document_id": empty(names.national_id[who], ~parties.web_states_id[who]),
        "first_name": smudge(names.first[who], dirt, rng),
        "last_name": smudge(names.last[who], dirt, rng),
        "email_sha": np.where(parties.web_states_email[who], known, other),
        "language": _same("es", len(who)),
        "created_at": moment_texts(np.datetime64(world.params.now.replace(tzinfo=None), "s") - ago),
    }


def _same(text: str | None, count: int) -> Texts:
    return np.full(count, text, dtype=object)


def _capitals(text: str) -> str:
    return without_accents(text).upper()


def _catalan(world: World, who: Index) -> Flags:
    places = world.places
    there = np.array([code.startswith(CATALAN) for code in places.postcodes], dtype=bool)
    return np.asarray(there[places.postcode[places.building[places.dwelling[world.population.home[who]]]]])


def _first_days(days: Days) -> Texts:
    """Days as CRM and the registry write them."""
    return day_texts(days, "%d/%m/%Y")


def _long_since(world: World, count: int, rng: np.random.Generator) -> Texts:
    days: NDArray[Any] = today(world.params.now) - between(rng, 200, 3000, count).astype("timedelta64[D]")
    return day_texts(days, "%d/%m/%Y")

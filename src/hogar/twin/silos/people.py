"""Who do CRM, the prepaid registry and the web know? Customers, addresses, registrations, self-care accounts."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from hogar.twin.dirt import Row, bad, extract, lose, smudge, without_accents
from hogar.twin.places import Address
from hogar.twin.world import World

CUSTOMERS = ("id_cliente", "tipo", "nif", "nombre", "apellido1", "apellido2", "fecha_nacimiento", "sexo", "idioma",
             "email_hash", "fecha_alta")  # fmt: skip
ADDRESSES = ("id_cliente", "tipo", "via", "numero", "piso_puerta", "cp", "poblacion", "desde")
REGISTRY = ("id_registro", "documento", "nombre", "apellidos", "nacimiento", "sexo", "direccion", "num", "piso",
            "cod_postal", "localidad", "f_registro")  # fmt: skip
ACCOUNTS = ("user_id", "document_id", "first_name", "last_name", "email_sha", "language", "created_at")


def files(world: World, rng: np.random.Generator) -> dict[str, pa.Table]:
    """`crm/customers.csv`, `crm/addresses.csv`, `prepaid/registry.csv` (Latin-1, semicolons), `web/accounts.csv`."""
    dirt = world.params.dirt
    now = world.params.now.date()
    late = (now + timedelta(days=400)).strftime("%d/%m/%Y")
    return {
        "crm/customers.csv": extract(
            CUSTOMERS, _customers(world, rng), dirt, rng,
            invalid=(bad(6, "31/02/1985"), bad(1, "X"), bad(10, late)),
        ),
        "crm/addresses.csv": extract(
            ADDRESSES, _addresses(world, rng), dirt, rng, invalid=(bad(1, "trastero"), bad(7, late))
        ),
        "prepaid/registry.csv": extract(
            REGISTRY, _registry(world, rng), dirt, rng,
            invalid=(bad(4, "00/00/0000"),), encoding="latin-1", delimiter=";",
        ),
        "web/accounts.csv": extract(ACCOUNTS, _accounts(world, rng), dirt, rng, invalid=(bad(6, "yesterday"),)),
    }  # fmt: skip


def _customers(world: World, rng: np.random.Generator) -> list[Row]:
    dirt, rows = world.params.dirt, []
    for ids, copy in ((world.parties.crm, False), (world.parties.duplicate, True)):
        for number, id in ids.items():
            person, name = world.population.persons[number], world.names[number]
            first, last, second = (smudge(part, dirt, rng) for part in (name.first, name.last, name.second))
            if rng.random() < dirt.swapped_names * dirt.level:
                first, last = last, first
            if copy and rng.random() < 0.5:
                second = ""
            minor_without_id = not person.adult and rng.random() < 0.4
            national = None if minor_without_id else lose(name.national_id, dirt, rng)
            email = name.email_hash if rng.random() < 0.7 else None
            language = (
                "ca" if world.places.of_home[person.home].city == "Barcelona" and rng.random() < 0.4 else "es"
            )
            rows.append([
                id, "P", national, first, last, second, _day(lose(person.birth.isoformat(), dirt, rng)),
                "H" if person.sex == "m" else "M", language, email, _day(_since(world, number, rng).isoformat()),
            ])  # fmt: skip
    for number, id in world.parties.business.items():
        name = world.names[number]
        trade = ("Reformas", "Taller", "Peluquería", "Asesoría", "Bar", "Transportes")[int(rng.random() * 6)]
        since = _day(_since(world, number, rng).isoformat())
        rows.append(
            [id, "E", name.national_id, None, f"{trade} {name.last}", None, None, None, "es", None, since]
        )
    return rows


def _since(world: World, number: int, rng: np.random.Generator) -> date:
    since = world.parties.since.get(number)
    return since or world.params.now.date() - timedelta(days=30 + int(rng.random() * 900))


def _addresses(world: World, rng: np.random.Generator) -> list[Row]:
    """A home address for most customers; some have one for deliveries or bills; a few are out of date."""
    params, rows = world.params, []
    dirt = params.dirt
    careful = set(world.segments.focus.values())
    for ids in (world.parties.crm, world.parties.duplicate, world.parties.business):
        for number, id in ids.items():
            home = world.population.persons[number].home
            rate = 0.0 if number in careful else params.places.stale_address * min(dirt.level, 5)
            stale = rng.random() < rate
            address = (world.places.older if stale else world.places.of_home)[home]
            since = _day((_since(world, number, rng)).isoformat())
            if rng.random() < 0.98 or number in careful:
                rows.append([id, "domicilio", *_written(address, world, rng), since])
            if rng.random() < 0.08:
                rows.append([id, "envio", *_written(world.places.of_home[home], world, rng), since])
            elif rng.random() < 0.03:
                rows.append([id, "facturacion", *_written(address, world, rng), since])
    return rows


def _written(address: Address, world: World, rng: np.random.Generator) -> list[str | None]:
    """An address as a clerk writes it: abbreviated ways, units in several manners or not at all."""
    dirt = world.params.dirt
    street = smudge(address.street, dirt, rng)
    if rng.random() < 0.3:
        for way, short in (("Calle", "C/"), ("Avenida", "Avda."), ("Plaza", "Pza."), ("Paseo", "Pº")):
            street = street.replace(way, short, 1)
    unit: str | None = address.unit or None
    if unit is not None:
        unit = None if rng.random() < world.params.places.unit_missing else unit
        if unit is not None and rng.random() < 0.3:
            unit = unit.replace("º ", "")
    return [street, address.number, unit, lose(address.postcode, dirt, rng), address.city]


def _registry(world: World, rng: np.random.Generator) -> list[Row]:
    """What a shop typed from an id card: capitals, no accents, both surnames in one field."""
    dirt, rows = world.params.dirt, []
    for number, id in world.parties.prepaid.items():
        person, name = world.population.persons[number], world.names[number]
        address = world.places.of_home[person.home]
        surnames = f"{smudge(name.last, dirt, rng)} {smudge(name.second, dirt, rng)}"
        document = name.national_id
        if rng.random() < 0.03 * min(dirt.level, 5):  # without the check letter
            document = document[:-1]
        street, house, unit, postcode, city = _written(address, world, rng)
        rows.append([
            id, document, without_accents(smudge(name.first, dirt, rng)).upper(), without_accents(surnames).upper(),
            _day(person.birth.isoformat()), "V" if person.sex == "m" else "M", (street or "").upper(), house, unit,
            postcode, city.upper() if city else None, _day(_since(world, number, rng).isoformat()),
        ])  # fmt: skip
    return rows


def _accounts(world: World, rng: np.random.Generator) -> list[Row]:
    rows: list[Row] = []
    for number, web in world.parties.web.items():
        name = world.names[number]
        own = world.names[number].email_hash if web.states_email else f"{int(rng.integers(1 << 62)):020x}"
        created = world.params.now - timedelta(
            days=20 + int(rng.random() * 1500), minutes=int(rng.random() * 1440)
        )
        rows.append([
            web.id, name.national_id if web.states_id else None, smudge(name.first, world.params.dirt, rng),
            smudge(name.last, world.params.dirt, rng), own, "es", created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        ])  # fmt: skip
    return rows


def _day(iso: str | None) -> str | None:
    """DD/MM/YYYY, as CRM and the registry write days."""
    return f"{iso[8:10]}/{iso[5:7]}/{iso[:4]}" if iso else None

"""What are they called? Spanish naming: one or two given names, the father's first and the mother's first surname.

The lists are our own selection of common names, most frequent first; frequencies fall with the rank.
Reads the population; returns a name, an id number and an e-mail hash per person. After: population.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from hogar.twin.chance import cumulative, flip, pick_index
from hogar.twin.population import Population

WOMEN = (
    "María Carmen", "María", "Carmen", "Ana María", "Laura", "Josefa", "Isabel", "Cristina", "Marta", "Lucía",
    "María Ángeles", "Paula", "Francisca", "Antonia", "Dolores", "Sara", "Elena", "María José", "Raquel", "Rosa",
    "Pilar", "Manuela", "Sofía", "Alba", "Julia", "Irene", "Beatriz", "Ana", "Mercedes", "Nuria",
    "Silvia", "Patricia", "Andrea", "Rocío", "Mónica", "Rosario", "Teresa", "Martina", "Encarnación", "Montserrat",
    "Alicia", "Inmaculada", "Claudia", "Sonia", "Sandra", "Susana", "Daniela", "Marina", "Margarita", "Carla",
    "Yolanda", "Natalia", "Eva", "Inés", "Noelia", "Verónica", "Valeria", "Ainhoa", "Esther", "Luisa",
)  # fmt: skip
MEN = (
    "Antonio", "Manuel", "José", "Francisco", "David", "Juan", "Javier", "Daniel", "José Antonio", "Francisco Javier",
    "José Luis", "Carlos", "Jesús", "Alejandro", "Miguel", "José Manuel", "Rafael", "Pablo", "Miguel Ángel", "Pedro",
    "Sergio", "Ángel", "Fernando", "José María", "Jorge", "Luis", "Alberto", "Álvaro", "Juan Carlos", "Adrián",
    "Diego", "Juan José", "Raúl", "Iván", "Juan Antonio", "Rubén", "Enrique", "Óscar", "Ramón", "Vicente",
    "Andrés", "Juan Manuel", "Joaquín", "Hugo", "Santiago", "Víctor", "Eduardo", "Mario", "Roberto", "Jaime",
    "Marcos", "Ignacio", "Martín", "Alfonso", "Lucas", "Ricardo", "Guillermo", "Emilio", "Tomás", "Mohamed",
)  # fmt: skip
SURNAMES = (
    "García", "Rodríguez", "González", "Fernández", "López", "Martínez", "Sánchez", "Pérez", "Gómez", "Martín",
    "Jiménez", "Hernández", "Ruiz", "Díaz", "Moreno", "Muñoz", "Álvarez", "Romero", "Gutiérrez", "Alonso",
    "Navarro", "Torres", "Domínguez", "Ramos", "Vázquez", "Ramírez", "Gil", "Serrano", "Morales", "Molina",
    "Blanco", "Suárez", "Castro", "Ortega", "Delgado", "Ortiz", "Marín", "Rubio", "Núñez", "Medina",
    "Sanz", "Castillo", "Iglesias", "Cortés", "Garrido", "Santos", "Guerrero", "Lozano", "Cano", "Cruz",
    "Méndez", "Flores", "Prieto", "Herrera", "Peña", "León", "Márquez", "Cabrera", "Gallego", "Calvo",
    "Vidal", "Campos", "Reyes", "Vega", "Fuentes", "Carrasco", "Díez", "Aguilar", "Caballero", "Nieto",
    "Santana", "Vargas", "Pascual", "Giménez", "Herrero", "Hidalgo", "Montero", "Lorenzo", "Santiago", "Benítez",
    "Durán", "Ibáñez", "Arias", "Mora", "Ferrer", "Carmona", "Vicente", "Rojas", "Soto", "Crespo",
    "Román", "Pastor", "Velasco", "Parra", "Sáez", "Moya", "Bravo", "Rivera", "Gallardo", "Soler",
    "Silva", "Pardo", "Rivas", "Franco", "Merino", "Lara", "Espinosa", "Izquierdo", "Camacho", "Casado",
    "Vera", "Mendoza", "Arroyo", "Redondo", "Segura", "Rey", "Luque", "Galán", "Otero", "Montes",
    "Ríos", "Sierra", "Contreras", "Carrillo", "Heredia", "Bernal", "Marcos", "Robles", "Palacios", "Benito",
    "Guerra", "Macías", "Mateo", "Varela", "Bueno", "Villar", "Expósito", "Acosta", "Barrios", "Andrés",
    "Pereira", "Guillén", "Miranda", "Aguilera", "Mateos", "Salazar", "Menéndez", "Simón", "Estévez", "Roca",
)  # fmt: skip
ID_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


@dataclass(frozen=True, slots=True)
class Name:
    """How a person is called and known: id number with its check letter, hash of the e-mail address."""

    first: str
    last: str
    second: str
    national_id: str
    email_hash: str


def name_persons(population: Population, rng: np.random.Generator) -> list[Name]:
    """A name per person, in the order of the population; parents before their children whoever comes first."""
    common = cumulative([1 / (rank + 6) ** 0.75 for rank in range(len(SURNAMES))])
    given = cumulative([1 / (rank + 8) ** 0.8 for rank in range(60)])
    numbers = rng.choice(79_000_000, size=len(population.persons), replace=False) + 1_000_000
    own = [(SURNAMES[pick_index(rng, common)], SURNAMES[pick_index(rng, common)]) for _ in population.persons]
    names: list[Name | None] = [None] * len(population.persons)

    def surnames(number: int) -> tuple[str, str]:
        person = population.persons[number]
        if person.father < 0 and person.mother < 0:
            return own[number]
        first = surnames(person.father)[0] if person.father >= 0 else own[number][0]
        second = surnames(person.mother)[0] if person.mother >= 0 else own[number][1]
        return first, second

    for person in population.persons:
        words = MEN if person.sex == "m" else WOMEN
        first = words[pick_index(rng, given)]
        parent = person.father if person.sex == "m" else person.mother
        if parent >= 0 and (known := names[parent]) is not None and flip(rng, 0.06):
            first = known.first  # named after the parent
        number = int(numbers[person.number])
        last, second = surnames(person.number)
        names[person.number] = Name(
            first, last, second, f"{number:08d}{ID_LETTERS[number % 23]}", token("email", number, 20)
        )
    return [name for name in names if name is not None]


def token(kind: str, number: int, length: int = 24) -> str:
    """What a keyed hash in a silo looks like: it repeats for the same thing and says nothing of it."""
    return hashlib.blake2b(f"{kind}/{number}".encode(), digest_size=length // 2).hexdigest()

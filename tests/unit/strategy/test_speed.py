"""Compiling is quick enough to run at every key stroke of an editor."""

import time

from hogar import strategy
from hogar.strategy.controls import PATH
from hogar.telco.catalogue import Catalogue


def test_five_hundred_actions_compile_in_seconds(
    acme: dict[str, str], catalogue: Catalogue, offers: dict[str, str]
) -> None:
    """500 different actions of Acme's size: about a second; the bound is wide for busy machines."""
    model = acme["strategy/actions/home_plan_tv.yml"]
    many = {
        f"strategy/actions/copy_{number}.yml": model.replace(
            "between 1 and 3", f"between 1 and {number + 3}"
        ).replace("else 0.10 end", f"else 0.10 + {number} / 100000 end")
        for number in range(500)
    }
    start = time.perf_counter()
    compiled = strategy.compile(acme | many, catalogue, offers)
    assert len(compiled.actions) >= 500
    assert time.perf_counter() - start < 8

    # A lever that is pulled at run time compiles them again, and reads none of them again: about a tenth of a second.
    start = time.perf_counter()
    pulled = strategy.compile(
        acme | many | {PATH: "levers: [{purpose: grow, weight: 2}]\n"}, catalogue, offers
    )
    assert len(pulled.actions) == len(compiled.actions)
    assert time.perf_counter() - start < 1

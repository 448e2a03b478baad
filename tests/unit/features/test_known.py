"""What a catalogue's card tells of values: enough to judge by, and nobody's own."""

import polars as pl
import pytest

from hogar.features.known import of_features
from hogar.telco.catalogue import Feature

FEATURE = Feature(entity="line", name="spend", type="number")


@pytest.mark.parametrize(("count", "told"), [(1, False), (99, False), (100, True), (5_000, True)])
def test_a_range_leaves_out_those_who_stand_out(count: int, told: bool) -> None:
    """From a hundred values on, and never one of the five least or greatest, nor to the last digit."""
    values = [1_000.0 + number for number in range(count - 1)] + [987_654.0]
    known = of_features(pl.DataFrame({"spend": values}), [FEATURE])["line.spend"]
    assert (known.known, known.low is not None) == (count, told)
    if known.low is not None and known.high is not None:
        assert known.high < 10_000
        assert float(f"{known.low:.2g}") == known.low


def test_unknown_values_count_as_unknown() -> None:
    """The share is over all subjects."""
    known = of_features(pl.DataFrame({"spend": [1.0, None, None, None]}), [FEATURE])["line.spend"]
    assert (known.of, known.known, known.share) == (4, 1, 0.25)

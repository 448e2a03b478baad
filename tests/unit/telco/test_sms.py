"""Text messages: which alphabet, how many units, how many parts."""

import pytest

from hogar.telco.sms import BASIC, EXTENSION, sms


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("[]{}\\~^|\f€", "GSM-7", 20, 1),
        ("¿Cuánto?", "UCS-2", 8, 1),
        ("¿Qué tal, señora? Año ¡ya! ÑÜ", "GSM-7", 29, 1),
        ("á" * 70, "UCS-2", 70, 1),
        ("á" * 71, "UCS-2", 71, 2),
        ("á" * 134, "UCS-2", 134, 2),
        ("á" * 135, "UCS-2", 135, 3),
        ("🏠" * 35, "UCS-2", 70, 1),
        ("🏠" * 36, "UCS-2", 72, 2),
        ("a" * 159 + "á", "UCS-2", 160, 3),
    ],
)
def test_alphabet_units_and_parts(text: str, encoding: str, units: int, parts: int) -> None:
    """160 and 153 septets, 70 and 67 code units; one foreign letter makes all of it UCS-2."""
    found = sms(text)
    assert (found.encoding, found.units, found.parts) == (encoding, units, parts)
    assert found.units <= found.room


def test_what_belongs_together_is_not_split() -> None:
    """An extension letter that would straddle two parts begins the second; so does a surrogate pair."""
    assert sms("a" * 152 + "€" + "a" * 152).parts == 3  # 152 and a lost septet, then 2 + 151, then 1
    assert sms("a" * 152 + "€" + "a" * 151).parts == 2
    assert sms("á" * 66 + "🏠" + "á" * 65).parts == 2
    assert sms("á" * 66 + "🏠" + "á" * 66).parts == 3


def test_letters_that_cost_are_named() -> None:
    """Each once, in the order in which they stand."""
    assert sms("móvil, línea, móvil").foreign == "óí"


def test_the_alphabets_have_the_standards_sizes() -> None:
    """128 codes less the escape; ten letters of the extension table, page break included."""
    assert len(BASIC) == 127
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION

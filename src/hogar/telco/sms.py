"""How many text messages does a text take? The alphabets of 3GPP TS 23.038 and what fits into one part.

A text whose every letter is in the GSM 7-bit default alphabet (TS 23.038, 6.2.1) or its extension table (6.2.1.1,
two septets a letter) takes 160 septets, or 153 a part where it takes several; with a single other letter the whole
text is UCS-2 and takes 70 code units, or 67 a part. What belongs together is never split: neither an extension
letter's two septets nor a surrogate pair. National language tables are not used: few networks pass them on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
# For each encoding the units of a text that is alone, and of each part of one that is not.
_ROOM: dict[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}


@dataclass(frozen=True, kw_only=True)
class Sms:
    """A text as it is sent: `units` are septets or UCS-2 code units, `room` is what its `parts` hold of them.

    `foreign` are the letters, each once, for whose sake the text is not GSM-7.
    """

    encoding: Encoding
    units: int
    parts: int
    room: int
    foreign: str


def sms(text: str) -> Sms:
    """How a text is sent as SMS.

    >>> sms("Fibra por 30 €")
    Sms(encoding='GSM-7', units=15, parts=1, room=160, foreign='')
    >>> sms("Tu línea").foreign, sms("í" * 71).parts
    ('í', 2)
    """
    foreign = "".join(dict.fromkeys(letter for letter in text if letter not in BASIC | EXTENSION))
    encoding: Encoding = "UCS-2" if foreign else "GSM-7"
    sizes = [_size(letter, encoding) for letter in text]
    alone, part = _ROOM[encoding]
    if sum(sizes) <= alone:
        return Sms(encoding=encoding, units=sum(sizes), parts=1, room=alone, foreign=foreign)
    parts, filled = 1, 0
    for size in sizes:
        if filled + size > part:
            parts, filled = parts + 1, 0
        filled += size
    return Sms(encoding=encoding, units=sum(sizes), parts=parts, room=parts * part, foreign=foreign)


def _size(letter: str, encoding: Encoding) -> int:
    if encoding == "GSM-7":
        return 2 if letter in EXTENSION else 1
    return 2 if ord(letter) > 0xFFFF else 1

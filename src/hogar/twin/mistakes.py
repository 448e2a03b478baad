"""How does a word go wrong? Slips of the hand, words written as they are heard, characters misread by a scanner.

The kinds and their shares follow the error model of Febrl's generator (typing .3, phonetic .3, OCR .4). One word
and three numbers in [0, 1) in, one word out. Used by `dirt`.
"""

from __future__ import annotations

from collections.abc import Sequence

KEYS = {"a": "s", "e": "r", "i": "o", "o": "i", "n": "m", "m": "n", "r": "t", "s": "d", "l": "k", "z": "x",
        "c": "v", "b": "v", "v": "b", "d": "f", "g": "h", "t": "r", "u": "y", "p": "o"}  # fmt: skip
SOUNDS = (("v", "b"), ("b", "v"), ("ll", "y"), ("h", ""), ("ge", "je"), ("gi", "ji"), ("ce", "se"), ("ci", "si"),
          ("z", "s"), ("qu", "k"), ("x", "s"), ("j", "g"), ("ñ", "ni"), ("ck", "k"), ("ph", "f"), ("th", "t"),
          ("tz", "z"), ("dt", "t"), ("ai", "ei"), ("mm", "m"), ("nn", "n"), ("ss", "s"))  # fmt: skip
SHAPES = (("rn", "m"), ("m", "rn"), ("cl", "d"), ("l", "1"), ("o", "0"), ("s", "5"), ("i", "l"), ("e", "c"),
          ("g", "q"), ("u", "v"), ("n", "h"), ("a", "o"), ("b", "6"), ("z", "2"), ("t", "f"))  # fmt: skip
TYPING, PHONETIC = 0.3, 0.3  # the rest is misread


def mistake(word: str, draws: Sequence[float]) -> str:
    """The word with one mistake; too short a word stays as it is."""
    kind, where, which = draws
    if len(word) < 3:
        return word
    if kind < TYPING:
        return slip(word, where, which)
    found = replaced(word, SOUNDS if kind < TYPING + PHONETIC else SHAPES, where)
    return slip(word, where, which) if found == word else found


def slip(word: str, where: float, which: float) -> str:
    """A neighbouring key (the commonest), a letter too few, two exchanged, or one twice; never the first letter.

    >>> slip("Marta", 0.0, 0.5)
    'Mrta'
    """
    place = 1 + int(where * (len(word) - 2))
    letter = word[place]
    if which < 0.4:
        return word[:place] + KEYS.get(letter.lower(), "e") + word[place + 1 :]
    if which < 0.65:
        return word[:place] + word[place + 1 :]
    if which < 0.85:
        return word[:place] + word[place + 1] + letter + word[place + 2 :]
    return word[:place] + letter + word[place:]


def replaced(word: str, pairs: Sequence[tuple[str, str]], where: float) -> str:
    """One of the pairs that occur in the word, put in place of its last occurrence.

    >>> replaced("Gálvez", SOUNDS, 0.0)
    'Gálbez'
    """
    fitting = [(old, new) for old, new in pairs if word.lower().rfind(old) >= 0]
    if not fitting:
        return word
    old, new = fitting[int(where * len(fitting))]
    place = word.lower().rfind(old)
    return word[:place] + new + word[place + len(old) :]

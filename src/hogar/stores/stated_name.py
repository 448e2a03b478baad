"""Is that one person under two spellings? What is left of a stated name once writing it otherwise makes no difference.

Takes names as people state them; returns what is wrong with one, or its core, by which two are compared. No proof of
who somebody is: only that the same name, written otherwise, is no second person. Used by `reviews`.
"""

from __future__ import annotations

import unicodedata

_LIKE = str.maketrans("аеорсухіјѕһԁԛԝтмквнαορντυικγ", "aeopcyxijshdqwtmkbhaopvtuiky")
"""Small letters of other alphabets that look like Latin ones: to the eye of a colleague they are the same."""
_UNSEEN = ("Cc", "Cf", "Co", "Cs", "Cn")
_FILLERS = "\u115f\u1160\u3164\uffa0\u034f"  # letters and marks that show nothing
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")


def name_problem(name: str) -> str:
    """What is wrong with a name that somebody states; empty where nothing is.

    >>> name_problem("Ana"), name_problem("An\\u200ba"), name_problem("  ")
    ('', 'has an invisible character (U+200B)', 'is empty')
    """
    if not name_core(name):
        return "is empty"
    for letter in name:
        if unicodedata.category(letter) in _UNSEEN or letter in _FILLERS:
            return f"has an invisible character (U+{ord(letter):04X})"
    used = {word for word in _ALPHABETS for letter in name if unicodedata.name(letter, "").startswith(word)}
    return f"mixes alphabets ({', '.join(sorted(used)).lower()})" if len(used) > 1 else ""


def name_core(name: str) -> str:
    """A name without case, accents, spaces and punctuation, in one form of each letter.

    >>> {name_core(name) for name in ("Ana", " ANA.", "\\uff21na", "An\\u00e1", "Ana\\u0301")}
    {'ana'}
    """
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name).casefold())
    return "".join(letter for letter in plain.translate(_LIKE) if letter.isalnum())

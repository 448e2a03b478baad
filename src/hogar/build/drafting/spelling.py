"""How is a name that others chose written down? On one line, and so that it means nothing where it is put.

Names of files and columns come from outside: they may hold line ends, quotes, bars, or bytes that are no text.
Takes them; returns comments, Markdown and TOML that hold them as names only. SQL identifiers are quoted by the syntax
tree. Used by `project`, `sql`, `report`.
"""

from __future__ import annotations

import json
import re


def one_line(text: str) -> str:
    r"""The text on one line: what cannot be printed is shown escaped, and no comment ends in it.

    >>> print(one_line("a\nb\u2028c"), one_line("a*/b"))
    a\nb\u2028c a* /b
    """
    shown = "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)
    return shown.replace("*/", "* /").replace("/*", "/ *")


def code(name: str) -> str:
    """A name as Markdown code, in a table too.

    >>> print(code("na|me"), code("a`b"))
    `na\\|me` ``a`b``
    """
    shown = one_line(name).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def heading(name: str) -> str:
    """A name as it is where it is plain, else as code.

    >>> print(heading("crm/customers.csv"), heading("<b>.csv"))
    crm/customers.csv `<b>.csv`
    """
    return name if re.fullmatch(r"[\w./ -]*", name) and one_line(name) == name else code(name)


def prose(text: str) -> str:
    """A sentence about names as Markdown: it stays one line, and brings no markup of its own."""
    return one_line(text).replace("<", "&lt;").replace("](", "] (")


def toml(text: str) -> str:
    r"""A TOML string.

    >>> print(toml('a"b'), toml("a\x7fb"))
    "a\"b" "a\u007fb"
    """
    plain = json.dumps(text, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else _unicode(letter) for letter in plain)


def _unicode(letter: str) -> str:
    number = ord(letter)
    return f"\\U{number:08x}" if number > 0xFFFF else f"\\u{number:04x}"


def _escaped(letter: str) -> str:
    """One letter as Python writes it; of a name's bytes that are no text, the byte."""
    if "\udc80" <= letter <= "\udcff":
        return f"\\x{ord(letter) - 0xDC00:02x}"
    return letter.encode("unicode_escape", "surrogatepass").decode()

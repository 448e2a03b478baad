"""Was this action read before, from the same text among the same names? Then it need not be read again.

A switch of a lever compiles all files anew, and all but one are as they were. What is kept is what reading gave, under
a digest of everything that reading depends on; it is bounded, and forgetting costs only time.
"""

from __future__ import annotations

from hashlib import blake2b

from hogar.strategy.actions import Written, read_action
from hogar.strategy.expressions import Parser
from hogar.strategy.layout import Layout

KEPT_MAX = 8192

_KEPT: dict[bytes, Written] = {}


def written_actions(
    layout: Layout, parser: Parser, languages: tuple[str, ...], channels: tuple[str, ...]
) -> dict[str, Written]:
    """Every action of a layout that could be read, by key; problems are noted in the documents of the others."""
    around = blake2b(repr((parser.words, languages, channels)).encode(), digest_size=16).digest()
    found: dict[str, Written] = {}
    for key, content in layout.contents.items():
        raw = content.encode() if isinstance(content, str) else content
        name = blake2b(raw, digest_size=16, key=around, person=key.encode()[-16:]).digest() + key.encode()
        written = _KEPT.get(name)
        if written is None:
            document = layout.read_action_file(key)
            if document.root is None and document.problems:
                continue
            written = read_action(document, key, parser, languages, channels)
            if written is not None and not document.problems:
                if len(_KEPT) >= KEPT_MAX:
                    _KEPT.clear()
                _KEPT[name] = written
        if written is not None:
            found[key] = written
    return found

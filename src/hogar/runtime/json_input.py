"""Is this JSON at all? Bytes from outside become values, or one kind of error, whatever is wrong with them.

Takes bytes and a decoder's function. Neighbours: `event_file` (lines), `api` (bodies).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

DEPTH_MAX = 64
"""How deep what we keep may be nested: it is read again where the stack is deeper than here."""

Type = TypeVar("Type")


def decoded(decode: Callable[[bytes], Type], data: bytes) -> Type:
    """What stands in the data. Raises `msgspec.DecodeError`, also for bytes that are no UTF-8 and for deep nesting."""
    try:
        return decode(data)
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError(f"not UTF-8: {error.reason}") from None
    except RecursionError:
        raise msgspec.DecodeError("nested too deeply") from None


def flat(value: object, depth: int = DEPTH_MAX) -> bool:
    """Is the value nested no deeper than this?

    >>> flat({"a": [1]}, 2), flat({"a": [1]}, 1)
    (True, False)
    """
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(flat(one, depth - 1) for one in inner)

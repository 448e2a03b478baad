"""How do names in a text become words? Fills a checked template in with the values of one decision.

Numbers are written as the language writes them. A value that is missing is an error, never an empty place: what
cannot be said in full is not said. Before: `treatments` checked the template.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from hogar.errors import HogarError

FILTERS = ("euros", "number")
_DECIMAL_POINT = ("en", "ga", "mt", "ja", "zh", "ko", "he", "th")  # the others write a comma


class MissingValue(HogarError):
    """A text names something that is not known of this customer."""


def say(template: str, values: Mapping[str, float | str | bool | None], language: str) -> str:
    """The template with the values of its names put in. Raises MissingValue where one is not there or NULL.

    >>> say("Ahorras {{ action.saving_eur | euros }} al mes", {"action.saving_eur": 12.5}, "es")
    'Ahorras 12,50 € al mes'
    """
    spaces: dict[str, dict[str, object]] = {}
    for name, value in values.items():
        namespace, _, member = name.partition(".")
        spaces.setdefault(namespace, {})[member] = value
    namespaces = {namespace: _Namespace(members) for namespace, members in spaces.items()}
    try:
        return _template(template).render(**namespaces, _language=language)
    except jinja2.UndefinedError as error:
        raise MissingValue(f"{MissingValue.__doc__} ({error.message})") from None


def parsed(template: str) -> nodes.Template:
    """The template's syntax tree, for whoever checks it. Raises jinja2.TemplateSyntaxError."""
    return _ENVIRONMENT.parse(template)


class _Namespace:
    """The members of one namespace, and nothing that Python would add."""

    def __init__(self, members: Mapping[str, object]) -> None:
        self._members = members

    def __getitem__(self, member: str) -> object:
        value = self._members[member]
        if value is None:
            raise KeyError(member)
        return value


def _shown(value: object, decimals: int | None, language: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if decimals is None:
        text = str(int(value)) if float(value).is_integer() else f"{value:.1f}"
    else:
        text = f"{value:.{decimals}f}"
    return text if language in _DECIMAL_POINT else text.replace(".", ",")


@jinja2.pass_context
def _finalize(context: jinja2.runtime.Context, value: object) -> object:
    return value if isinstance(value, jinja2.Undefined) else _shown(value, None, str(context["_language"]))


@jinja2.pass_context
def _euros(context: jinja2.runtime.Context, value: object) -> object:
    if isinstance(value, jinja2.Undefined) or not isinstance(value, int | float):
        return value
    language = str(context["_language"])
    decimals = 0 if float(value).is_integer() else 2
    amount = _shown(value, decimals, language)
    return f"€{amount}" if language in _DECIMAL_POINT else f"{amount} €"


@jinja2.pass_context
def _number(context: jinja2.runtime.Context, value: object) -> object:
    return value if isinstance(value, jinja2.Undefined) else _shown(value, 0, str(context["_language"]))


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined, finalize=_finalize, autoescape=False, keep_trailing_newline=False
    )
    environment.filters.clear()
    environment.filters.update(euros=_euros, number=_number)
    environment.globals.clear()
    return environment


_ENVIRONMENT = _environment()


@lru_cache(maxsize=4096)
def _template(text: str) -> jinja2.Template:
    return _ENVIRONMENT.from_string(text)

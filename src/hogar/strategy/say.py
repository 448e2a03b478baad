"""How do names in a text become words? Fills a checked template in with the values of one decision.

Values are written as the language writes them (`locale`). A value that is missing is an error, never an empty place:
what cannot be said in full is not said. Before: `treatments` checked the template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from hogar.errors import HogarError
from hogar.strategy import locale
from hogar.telco.catalogue import FeatureType

FILTERS: dict[str, FeatureType] = {
    "euros": "number", "number": "number", "gb": "number", "plural": "number", "date": "date",
}  # fmt: skip
"""What may stand behind a name, and of which type the name must be then."""


class MissingValue(HogarError):
    """A text names something that is not known of this customer."""


def say(template: str, values: Mapping[str, float | str | bool | None], language: str) -> str:
    """The template with the values of its names put in. Raises MissingValue where one is not there or NULL.

    >>> say("Ahorras {{ action.saving_eur | euros }} al mes", {"action.saving_eur": 12.5}, "es")
    'Ahorras 12,50 € al mes'
    >>> say("{{ household.unused_lines | plural('line', 'lines') }}", {"household.unused_lines": 2}, "en")
    '2 lines'
    """
    spaces: dict[str, dict[str, object]] = {}
    for name, value in values.items():
        namespace, _, member = name.partition(".")
        spaces.setdefault(namespace, {})[member] = value
    namespaces = {namespace: _Namespace(members) for namespace, members in spaces.items()}
    try:
        return _template(template).render(**namespaces, _language=language)
    except jinja2.UndefinedError as error:
        raise MissingValue(f"{MissingValue.__doc__} ({_lacking(error.message or '', values)})") from None


def _lacking(message: str, values: Mapping[str, float | str | bool | None]) -> str:
    """The full name that is not known, out of what the template engine says of its last part."""
    part = message.rpartition("attribute ")[2].partition(" ")[0].strip("'")
    unknown = sorted(name for name, value in values.items() if value is None)
    names = [name for name in unknown if name.rpartition(".")[2] == part] or unknown or [part]
    return ", ".join(f"`{name}`" for name in names)


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


def _number_as(words: Callable[..., str]) -> Callable[..., object]:
    """A filter that writes numbers with `words(value, *arguments, language)` and lets all else through."""

    @jinja2.pass_context
    def written(context: jinja2.runtime.Context, value: object, *arguments: str) -> object:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        return words(value, *arguments, str(context["_language"]))

    return written


@jinja2.pass_context
def _date(context: jinja2.runtime.Context, value: object) -> object:
    return locale.day(value, str(context["_language"])) if isinstance(value, str) else value


def _environment() -> ImmutableSandboxedEnvironment:
    bare = _number_as(locale.plain)

    @jinja2.pass_context
    def finalize(context: jinja2.runtime.Context, value: object) -> object:
        return bare(context, value)

    environment = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined, finalize=finalize, autoescape=False, keep_trailing_newline=False
    )
    environment.filters.clear()
    environment.filters.update(
        euros=_number_as(locale.euros), number=_number_as(locale.number), gb=_number_as(locale.gigabytes),
        plural=_number_as(locale.counted), date=_date,
    )  # fmt: skip
    environment.globals.clear()
    return environment


_ENVIRONMENT = _environment()


@lru_cache(maxsize=4096)
def _template(text: str) -> jinja2.Template:
    return _ENVIRONMENT.from_string(text)

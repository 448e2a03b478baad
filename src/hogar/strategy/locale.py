"""How does a language write an amount, a number, a day? Values in, words out; nothing else is known of languages.

Written so that a text message stays in its cheap alphabet: plain spaces, never hard ones. A language that is not
known here gets a comma before the decimals, no mark between thousands, and dates as `2026-03-02`.
"""

from __future__ import annotations

from datetime import date

_POINT = (
    "en",
    "ga",
    "mt",
    "ja",
    "zh",
    "ko",
    "he",
    "th",
)  # a point before the decimals, the sign of money in front
# The mark between thousands, and from how many digits on it stands: 1234 in Spanish, 1,234 in English.
_THOUSANDS = {"en": (",", 4), "es": (".", 5), "pt": (".", 5), "it": (".", 5), "de": (".", 4), "fr": (" ", 4)}
_DAY = {
    "es": "{day} de {month} de {year}", "pt": "{day} de {month} de {year}", "de": "{day}. {month} {year}",
    "en": "{day} {month} {year}", "fr": "{day} {month} {year}", "it": "{day} {month} {year}",
}  # fmt: skip
_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}


def plain(value: float, language: str) -> str:
    """A number as it comes: whole where it is whole, else with one decimal; no mark between thousands.

    >>> plain(3.0, "es"), plain(3.25, "es"), plain(2026, "en")
    ('3', '3,2', '2026')
    """
    text = f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
    return text if language in _POINT else text.replace(".", ",")


def number(value: float, language: str, decimals: int = 0) -> str:
    """A number with these decimals and, where the language has it, a mark between thousands.

    >>> number(12345.678, "es", 2), number(12345.678, "en", 2), number(1234.5, "es")
    ('12.345,68', '12,345.68', '1234')
    """
    whole, _, fraction = f"{abs(value):.{decimals}f}".partition(".")
    mark, digits = _THOUSANDS.get(language, ("", 0))
    if mark and len(whole) >= digits:
        whole = f"{int(whole):,}".replace(",", mark)
    text = whole + ((("." if language in _POINT else ",") + fraction) if fraction else "")
    return f"-{text}" if value < 0 and set(text) & set("123456789") else text


def euros(value: float, language: str) -> str:
    """An amount of money; cents only where there are some.

    >>> euros(12.5, "es"), euros(12.5, "en"), euros(10, "es"), euros(-2.5, "en")
    ('12,50 €', '€12.50', '10 €', '-€2.50')
    """
    cents = round(value, 2)
    text = number(abs(cents), language, 0 if float(cents).is_integer() else 2)
    sign = "-" if cents < 0 else ""
    return f"{sign}€{text}" if language in _POINT else f"{sign}{text} €"


def gigabytes(value: float, language: str) -> str:
    """An amount of data given in GB: in GB, or in MB where it is less than one.

    >>> gigabytes(2.5, "es"), gigabytes(20, "en"), gigabytes(0.5, "en")
    ('2,5 GB', '20 GB', '500 MB')
    """
    if abs(value) < 0.9995:
        return f"{number(1000 * value, language)} MB"
    return f"{number(value, language, 0 if float(round(value, 1)).is_integer() else 1)} GB"


def day(value: str, language: str) -> str:
    """A day given as `2026-03-02`, in words.

    >>> day("2026-03-02", "es"), day("2026-03-02", "en"), day("2026-03-02", "ca")
    ('2 de marzo de 2026', '2 March 2026', '2026-03-02')
    """
    if language not in _DAY:
        return value
    of = date.fromisoformat(value)
    month = _MONTHS[language].split()[of.month - 1]
    return _DAY[language].format(day=of.day, month=month, year=of.year)


def counted(value: float, one: str, many: str, language: str) -> str:
    """A number with the word for what is counted: `one` for exactly one, else `many`.

    >>> counted(1.0, "línea", "líneas", "es"), counted(3.0, "línea", "líneas", "es")
    ('1 línea', '3 líneas')
    """
    text = plain(value, language)
    return f"{text} {one if text == '1' else many}"

"""Are two id numbers, or two birthdays, one that was written wrongly once? Plain functions on two values."""

from __future__ import annotations

from datetime import date

YEARS_APART_MAX = 10


def like_id(one: str, other: str) -> bool:
    """Equal but for one slip: a character wrong, too few or too many, or two neighbours exchanged.

    >>> like_id("12345678z", "12354678z"), like_id("12345678z", "1234567z"), like_id("12345678z", "12354687z")
    (True, True, False)
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    place = next((at for at, character in enumerate(short) if character != long[at]), len(short))
    if len(short) < len(long):
        return short[place:] == long[place + 1 :]
    exchanged = short[place : place + 2] == long[place : place + 2][::-1]
    return short[place + 1 :] == long[place + 1 :] or (exchanged and short[place + 2 :] == long[place + 2 :])


def like_birthday(one: date, other: date) -> bool:
    """Equal but for one slip, or for day and month exchanged; father and son are born further apart than ten years.

    >>> like_birthday(date(1980, 2, 3), date(1980, 3, 2)), like_birthday(date(1960, 2, 3), date(1990, 2, 3))
    (True, False)
    """
    exchanged = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    near = abs(one.year - other.year) <= YEARS_APART_MAX
    return exchanged or (near and like_id(one.strftime("%Y%m%d"), other.strftime("%Y%m%d")))

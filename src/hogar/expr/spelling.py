"""Which words of a text are not ours, though it is plain what was meant? Each noted, and read as it was meant.

So that the rest of the text is read too, and all its problems come out together. Tokens in, tokens out. Before:
sqlglot's tokenizer. After: its parser, in `syntax`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot.tokenizer_core import Token, TokenType

from hogar.expr.findings import Findings

_TIMES = frozenset(f"{word}{s}" for word in ("day", "week", "month", "year") for s in ("", "s"))
_MONEY = frozenset(("€", "eur", "euro", "euros"))
_ENDS = frozenset((TokenType.AND, TokenType.OR, TokenType.R_PAREN, TokenType.COMMA, TokenType.THEN, TokenType.ELSE,
                   TokenType.END, TokenType.WHEN))  # fmt: skip
_TIME = (
    "write the number alone: a name says its unit, as line.tenure_months does; a difference of dates is days"
)


def respelt(tokens: Sequence[Token], findings: Findings) -> list[Token]:
    """The tokens as our language spells them; what was spelt otherwise is among the findings."""
    read: list[Token] = []
    waiting = False  # whether a `between` waits for its `and`
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        before, kind, word = read[-1] if read else None, token.token_type, token.text.lower()
        if kind in (TokenType.BETWEEN, TokenType.AND):
            waiting = kind == TokenType.BETWEEN
        if before is not None and before.token_type == TokenType.EQ and kind in (TokenType.LT, TokenType.GT):
            sign = findings.text[before.start : token.end + 1]
            findings.add(before.start, f"`{sign}` was not expected here", f"write `{sign[-1]}=`")
            read[-1] = _as(token, TokenType.LTE if kind == TokenType.LT else TokenType.GTE)
        elif before is not None and before.token_type == TokenType.NUMBER and _is_unit(token, after):
            number = before.text
            findings.add(before.start, f"`{findings.text[before.start : token.end + 1]}` is no number",
                         _TIME if word in _TIMES else _plain(number, word))  # fmt: skip
        elif word == "to" and waiting and kind == TokenType.VAR:
            findings.add(token.start, "`to` was not expected here", "write `between ... and ...`")
            read.append(_as(token, TokenType.AND))
            waiting = False
        elif kind == TokenType.SEMICOLON and after is None:
            findings.add(
                token.start, "`;` was not expected here", "write one expression, without an end mark"
            )
        else:
            _foreign(token, after, findings)
            read.append(token)
    return read


def _foreign(token: Token, after: Token | None, findings: Findings) -> None:
    """Note a word that sqlglot reads as one of ours."""
    word, kind = token.text.lower(), token.token_type
    called = after is not None and after.token_type == TokenType.L_PAREN
    if kind == TokenType.EQ and word == "==":
        findings.add(token.start, "`==` does not exist here", "one `=` compares")
    elif kind == TokenType.NOT and word == "!":
        findings.add(token.start, "`!` does not exist here", "write `not`")
    elif kind == TokenType.LIKE and word == "~~":
        findings.add(token.start, "`~~` does not exist here", "write `like`")
    elif kind == TokenType.UNKNOWN:
        findings.add(token.start, "`unknown` does not exist here", "write `is null`")
    elif kind in (TokenType.ISNULL, TokenType.NOTNULL) and not called:
        cure = "write `is null`" if kind == TokenType.ISNULL else "write `is not null`"
        findings.add(token.start, f"`{word}` does not exist here", cure)
    elif word in ("ifnull", "nvl") and called:
        findings.add(token.start, f"the function `{word}` does not exist here", "write `coalesce(a, b)`")


def _is_unit(token: Token, after: Token | None) -> bool:
    """Whether the word after a number is a unit; `%` is one where nothing follows that could be divided by."""
    if token.token_type == TokenType.MOD:
        return after is None or after.token_type in _ENDS
    word = token.text.lower()
    return word in _MONEY or word in _TIMES


def _plain(number: str, unit: str) -> str:
    return f"write `{float(number) / 100:g}`" if unit == "%" else f"write `{number}`"


def _as(token: Token, kind: TokenType) -> Token:
    text = {TokenType.LTE: "<=", TokenType.GTE: ">=", TokenType.AND: "and"}[kind]
    return Token(kind, text, token.line, token.col, token.start, token.end)

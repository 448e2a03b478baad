"""What did the author write? Text in, sqlglot's syntax tree out, within bounds; or the problems that stand in the way.

sqlglot reads far more than our language: whatever it reads, `typed` lets pass only what the language has. Positions
are offsets into the text, 0-based. Before: nothing. After: `typed`.
"""

from __future__ import annotations

from itertools import pairwise

from sqlglot import exp
from sqlglot.dialects import DuckDB
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from hogar.expr.findings import Findings
from hogar.expr.instead import of_stray
from hogar.expr.nodes import DEPTH_MAX
from hogar.expr.spelling import respelt

CHARACTERS_MAX = 10_000
TOKENS_MAX = 1_000

_DUCKDB = DuckDB()


def tree(findings: Findings) -> exp.Expr | None:
    """The syntax tree of the findings' text; None when it cannot be read, with the reason among the findings."""
    text = findings.text
    if len(text) > CHARACTERS_MAX:
        findings.add(
            0, f"the expression has {len(text)} characters, {CHARACTERS_MAX} allowed", "make it shorter"
        )
        return None
    try:
        tokens = _DUCKDB.tokenize(text)
    except TokenError:
        findings.add(0, "the text cannot be read", "is a quote or a comment left open?")
        return None
    if not tokens:
        findings.add(0, "the expression is empty")
        return None
    tokens = respelt(tokens, findings)
    if not _bounded(tokens, findings):
        return None
    try:
        return _parsed(tokens, text)
    except ParseError as error:
        return _in_parts(tokens, findings, error)
    except RecursionError:
        findings.add(0, f"the expression goes deeper than {DEPTH_MAX} levels", "make it flatter")
        return None


def _parsed(tokens: list[Token], text: str) -> exp.Expr | None:
    trees: list[exp.Expr | None] = _DUCKDB.parser().parse_into(exp.Condition, tokens, text)
    return trees[0]


def _in_parts(tokens: list[Token], findings: Findings, error: ParseError) -> exp.Expr | None:
    """What can be read of a text that cannot be read whole: each condition that `and` joins is read alone."""
    spans = _spans(tokens)
    if len(spans) < 2:
        _add_parse_error(error, tokens, findings)
        return None
    read: list[exp.Expr] = []
    told = len(findings.problems)
    for start, end in spans:
        part = [token for token in tokens if start <= token.start < end]
        try:
            found = _parsed(part, findings.text)
        except ParseError as of_part:
            _add_parse_error(of_part, part, findings)
            continue
        if found is not None:
            read.append(found)
    if len(findings.problems) == told:  # each reads well, the whole does not
        _add_parse_error(error, tokens, findings)
    return exp.and_(*read, copy=False) if read else None


def start(node: exp.Expr) -> int:
    """Where the first token that the tree keeps of a node begins."""
    return min((part.meta["start"] for part in node.walk() if "start" in part.meta), default=0)


def and_spans(text: str) -> list[tuple[int, int]]:
    """The (start, end) offsets of the conditions that a top-level `and` joins, outer parentheses left out."""
    return _spans(_DUCKDB.tokenize(text))


def _spans(tokens: list[Token]) -> list[tuple[int, int]]:
    while _wrapped(tokens):
        tokens = tokens[1:-1]
    if not tokens:
        return []
    cuts, level, betweens = [-1], 0, 0
    for i, token in enumerate(tokens):
        kind = token.token_type
        if i and tokens[i - 1].token_type == TokenType.DOT:
            continue
        if kind in (TokenType.L_PAREN, TokenType.CASE):
            level += 1
        elif kind in (TokenType.R_PAREN, TokenType.END):
            level -= 1
        elif level:
            continue
        elif kind == TokenType.OR:
            return [(tokens[0].start, tokens[-1].end + 1)]
        elif kind == TokenType.BETWEEN:
            betweens += 1
        elif kind == TokenType.AND and betweens:
            betweens -= 1
        elif kind == TokenType.AND:
            cuts.append(i)
    if len(cuts) == 1:
        return [(tokens[0].start, tokens[-1].end + 1)]
    cuts.append(len(tokens))
    return [span for i, j in pairwise(cuts) for span in _spans(tokens[i + 1 : j])]


def _wrapped(tokens: list[Token]) -> bool:
    """Whether the first token is a parenthesis that the last one closes."""
    level = 0
    for i, token in enumerate(tokens):
        level += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
        if level == 0:
            return i > 0 and i == len(tokens) - 1
    return False


def _bounded(tokens: list[Token], findings: Findings) -> bool:
    if len(tokens) > TOKENS_MAX:
        findings.add(
            tokens[TOKENS_MAX].start, f"the expression has more than {TOKENS_MAX} words", "make it shorter"
        )
        return False
    level = 0
    for token in tokens:
        level += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
        if level > DEPTH_MAX:
            findings.add(
                token.start, f"the expression goes deeper than {DEPTH_MAX} levels", "make it flatter"
            )
            return False
        if token.token_type == TokenType.SEMICOLON:
            findings.add(
                token.start, "`;` was not expected here", "write one expression, without an end mark"
            )
            return False
    return True


def _add_parse_error(error: ParseError, tokens: list[Token], findings: Findings) -> None:
    """Say sqlglot's first syntax error in our words, at the token at which it stopped."""
    first = error.errors[0]
    stop = next(
        (token for token in tokens if (token.line, token.col) == (first["line"], first["col"])), tokens[-1]
    )
    word = findings.text[stop.start : stop.end + 1]
    if (
        stop is tokens[-1]
        and stop.token_type != TokenType.R_PAREN
        and "Unexpected" not in first["description"]
    ):
        findings.add(stop.start, f"the expression breaks off after `{word}`", _open_end(tokens))
    else:
        findings.add(
            stop.start, f"`{word}` was not expected here", of_stray(word) or of_stray(_before(stop, findings))
        )


def _open_end(tokens: list[Token]) -> str:
    kinds = [token.token_type for token in tokens]
    if kinds.count(TokenType.L_PAREN) > kinds.count(TokenType.R_PAREN):
        return "a parenthesis is left open"
    return (
        "a `case` is left open: add `end`"
        if kinds.count(TokenType.CASE) > kinds.count(TokenType.END)
        else ("write what comes next")
    )


def _before(token: Token, findings: Findings) -> str:
    """The character before a token."""
    return findings.text[max(token.start - 1, 0) : token.start]

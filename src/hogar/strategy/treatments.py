"""How is an action said, by which channel, in which language, to whom? Treatments read, their templates checked.

The plain words of a channel and language are for everybody; under `roles` a family role may have its own. What a
template may hold is `templates`' to say. After: `say` fills a template in with the values of a decision.
"""

from __future__ import annotations

import re

from hogar.errors import did_you_mean
from hogar.strategy.documents import Document, Node, Scalar
from hogar.strategy.fields import Fields
from hogar.strategy.leaves import entries, kind_of
from hogar.strategy.names import Allowed, Vocabulary
from hogar.strategy.shapes import SWITCH, TEXT, Either, Field, Named, Table, table
from hogar.strategy.templates import template_names
from hogar.strategy.types import Treatment
from hogar.telco.channels import CHANNELS
from hogar.telco.roles import ROLES

LANGUAGE = r"[a-z]{2}"
_BELOW_LANGUAGE = ("text", "subject", "pass_on", "roles")  # fields that are easily written one level too high

_TEXT = Field("text", TEXT, "what is said: a text with names in double braces", required=True)
_SUBJECT = Field("subject", TEXT, "the subject of an email")
OWN_WORDS = table(_TEXT, _SUBJECT, help="the words for who holds this role")
WORDS = table(
    _TEXT, _SUBJECT,
    Field("pass_on", SWITCH, "a link with which the recipient may hand the message on"),
    Field("roles", Named(value=Either(forms=(TEXT, OWN_WORDS)), options=ROLES), "other words for who holds a role"),
    help="what is said by this channel in this language",
)  # fmt: skip
TREATMENTS = Named(
    value=Named(value=Either(forms=(TEXT, WORDS)), pattern=LANGUAGE, known="language"), options=CHANNELS
)


def read_treatments(
    document: Document,
    node: Node | None,
    allowed: Allowed,
    words: Vocabulary,
    languages: tuple[str, ...],
    channels: tuple[str, ...],
) -> tuple[Treatment, ...]:
    """The treatments of one action: `{sms: {es: text}, email: {es: {subject, text, pass_on, roles}}}`.

    `channels` are those that have a policy, `languages` those of the project, the first being indispensable.
    The plain words of a channel and language come before those for a role.
    """
    found: list[Treatment] = []
    for channel, by_language in () if node is None else entries(document, node, "`treatments`"):
        if channel.value not in CHANNELS:
            document.problem(
                channel, f"`{channel.value}` is not a channel", did_you_mean(channel.value, CHANNELS)
            )
            continue
        if channels and channel.value not in channels:
            document.problem(
                channel,
                f"`{channel.value}` has no policy",
                "add it under `channels` in strategy/policies.yml",
            )
        said: list[str] = []
        for language, value in entries(document, by_language, f"treatment `{channel.value}`"):
            said.append(language.value)
            if language.value in _BELOW_LANGUAGE:
                shape = f"`{languages[0] if languages else 'es'}: {{text: ..., roles: ...}}`"
                document.problem(language, f"`{language.value}` stands below a language", f"write {shape}")
                continue
            if not re.fullmatch(LANGUAGE, language.value) or (languages and language.value not in languages):
                document.problem(
                    language, f"`{language.value}` is not a language of this project",
                    did_you_mean(language.value, languages) or "see `languages` in strategy/policies.yml",
                )  # fmt: skip
                continue
            found += _Words(document, channel.value, language.value, allowed, words).read(value)
        if languages and languages[0] not in said:
            document.problem(
                channel, f"treatment `{channel.value}` lacks the language `{languages[0]}`",
                "it is the one for customers whose own is not there",
            )  # fmt: skip
    return tuple(found)


class _Words:
    """The words of one channel and language: the plain ones, then those for roles."""

    def __init__(
        self, document: Document, channel: str, language: str, allowed: Allowed, words: Vocabulary
    ) -> None:
        self.document, self.channel, self.language = document, channel, language
        self.allowed, self.words = allowed, words

    def read(self, node: Node) -> list[Treatment]:
        """A text, or a mapping with it; nothing, and problems noted, where there is none."""
        fields, text, subject = self._parts(node, WORDS, f"treatment `{self.channel}`")
        if self.channel == "email" and subject is None:
            self.document.problem(node, "an email needs a `subject`", "write `{subject: ..., text: ...}`")
        pass_on = fields.switch("pass_on", False) if fields else False
        found = [self._treatment("", text, subject, pass_on)]
        for role, inner in fields.entries("roles") if fields else ():
            if role.value not in ROLES:
                self.document.problem(role, f"`{role.value}` is not a role", did_you_mean(role.value, ROLES))
                continue
            _, own, own_subject = self._parts(
                inner, OWN_WORDS, f"treatment `{self.channel}` for `{role.value}`"
            )
            found.append(self._treatment(role.value, own, own_subject or subject, pass_on))
        return [treatment for treatment in found if treatment is not None]

    def _parts(self, node: Node, known: Table, owner: str) -> tuple[Fields | None, Node | None, Node | None]:
        """The fields of a mapping (None for a bare text), its text and its subject."""
        if isinstance(node, Scalar):
            return None, self._said(node), None
        fields = Fields(self.document, node, owner, known)
        return fields, self._said(fields.node("text")), self._said(fields.node("subject"))

    def _said(self, part: Node | None) -> Node | None:
        """A part, with a problem noted where it is there and no text."""
        if part is not None and not (isinstance(part, Scalar) and part.value.strip()):
            self.document.problem(part, f"a treatment must be text, not {kind_of(part)}")
        return part

    def _treatment(
        self, role: str, text: Node | None, subject: Node | None, pass_on: bool
    ) -> Treatment | None:
        names = [
            name
            for part in (text, subject)
            if isinstance(part, Scalar)
            for name in template_names(self.document, part, self.allowed, self.words)
        ]
        if not isinstance(text, Scalar):
            return None
        return Treatment(
            channel=self.channel,
            language=self.language,
            text=text.value.strip(),
            place=text.place,
            subject=subject.value.strip() if isinstance(subject, Scalar) else "",
            pass_on=pass_on,
            names=tuple(dict.fromkeys(names)),
            role=role,
        )

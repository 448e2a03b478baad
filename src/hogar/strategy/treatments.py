"""How is an action said, by which channel, in which language? Treatments read, their templates checked.

A template is text with `{{ action.saving_eur | euros }}` in it: a name that the action may use, and at most one of
two filters. Nothing else of Jinja: a sentence for another case is another action or another treatment. After:
`say` fills a template in with the values of a decision.
"""

from __future__ import annotations

import re

import jinja2
from jinja2 import nodes

from hogar.errors import did_you_mean
from hogar.strategy.documents import Document, Node, Scalar
from hogar.strategy.expressions import offset_of_name
from hogar.strategy.fields import Fields
from hogar.strategy.leaves import entries, kind_of
from hogar.strategy.names import Allowed, Vocabulary, barrier
from hogar.strategy.positions import offset_of, place_in_value
from hogar.strategy.say import FILTERS, parsed
from hogar.strategy.types import Treatment
from hogar.telco.channels import CHANNELS

_LANGUAGE = re.compile(r"[a-z]{2}")


def read_treatments(
    document: Document,
    node: Node | None,
    allowed: Allowed,
    words: Vocabulary,
    languages: tuple[str, ...],
    channels: tuple[str, ...],
) -> tuple[Treatment, ...]:
    """The treatments of one action: `{sms: {es: text}, email: {es: {subject, text, pass_on}}}`.

    `channels` are those that have a policy, `languages` those of the project, the first being indispensable.
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
            if not _LANGUAGE.fullmatch(language.value) or (languages and language.value not in languages):
                document.problem(
                    language, f"`{language.value}` is not a language of this project",
                    did_you_mean(language.value, languages) or "see `languages` in strategy/policies.yml",
                )  # fmt: skip
                continue
            treatment = _treatment(document, value, channel.value, language.value, allowed, words)
            if treatment is not None:
                found.append(treatment)
        if languages and languages[0] not in said:
            document.problem(
                channel, f"treatment `{channel.value}` lacks the language `{languages[0]}`",
                "it is the one for customers whose own is not there",
            )  # fmt: skip
    return tuple(found)


def template_names(
    document: Document, scalar: Scalar, allowed: Allowed, words: Vocabulary
) -> tuple[str, ...]:
    """The names that a template says, each checked; problems are noted at their places."""
    text = scalar.value
    if "{" not in text:
        return ()
    try:
        tree = parsed(text)
    except jinja2.TemplateSyntaxError as error:
        place = place_in_value(document, scalar, _offset_of_error(text, error.lineno))
        document.problem(
            place, f"the template cannot be read: {str(error.message).rstrip('.')}", "write `{{ name }}`"
        )
        return ()
    found: dict[str, None] = {}
    for output in tree.body:
        for part in output.nodes if isinstance(output, nodes.Output) else [output]:
            if isinstance(part, nodes.TemplateData):
                continue
            name = _name_said(document, scalar, part)
            if name is not None and _sayable(document, scalar, name, allowed, words):
                found[name] = None
    return tuple(found)


def _treatment(
    document: Document, node: Node, channel: str, language: str, allowed: Allowed, words: Vocabulary
) -> Treatment | None:
    if isinstance(node, Scalar):
        fields = None
        text: Node | None = node
    else:
        fields = Fields(document, node, f"treatment `{channel}`", ("text", "subject", "pass_on"), ("text",))
        text = fields.node("text")
    names: list[str] = []
    subject = fields.node("subject") if fields else None
    for part in (text, subject):
        if isinstance(part, Scalar) and part.value.strip():
            names += template_names(document, part, allowed, words)
        elif part is not None:
            document.problem(part, f"a treatment must be text, not {kind_of(part)}")
    if channel == "email" and subject is None:
        document.problem(node, "an email needs a `subject`", "write `{subject: ..., text: ...}`")
    if not isinstance(text, Scalar):
        return None
    return Treatment(
        channel=channel,
        language=language,
        text=text.value.strip(),
        place=text.place,
        subject=subject.value.strip() if isinstance(subject, Scalar) else "",
        pass_on=fields.switch("pass_on", False) if fields else False,
        names=tuple(dict.fromkeys(names)),
    )


def _name_said(document: Document, scalar: Scalar, part: nodes.Node) -> str | None:
    """The name of `{{ a.b }}` or `{{ a.b | euros }}`; a problem for everything else."""
    inner: nodes.Node | None = part
    if isinstance(part, nodes.Filter):
        if part.name not in FILTERS or part.args or part.kwargs:
            place = place_in_value(document, scalar, max(scalar.value.find(part.name), 0))
            document.problem(place, f"`{part.name}` is not a filter here", did_you_mean(part.name, FILTERS))
            return None
        inner = part.node
    if isinstance(inner, nodes.Getattr) and isinstance(inner.node, nodes.Name):
        return f"{inner.node.name}.{inner.attr}"
    place = place_in_value(document, scalar, _offset_of_error(scalar.value, part.lineno))
    if isinstance(inner, nodes.Name):
        place = place_in_value(document, scalar, offset_of_name(scalar.value, inner.name))
        document.problem(
            place, f"`{inner.name}` is not a name", "write it in full, such as `household.adults`"
        )
    else:
        document.problem(place, "a text may hold `{{ name }}` and `{{ name | euros }}` only")
    return None


def _sayable(document: Document, scalar: Scalar, name: str, allowed: Allowed, words: Vocabulary) -> bool:
    place = place_in_value(document, scalar, offset_of_name(scalar.value, name))
    if name not in words.types:
        document.problem(place, f"`{name}` is not a known name", did_you_mean(name, sorted(words.types)))
        return False
    wall = barrier(name, allowed, words)
    if wall is not None:
        document.problem(place, *wall)
        return False
    if words.types[name] == "boolean":
        document.problem(place, f"`{name}` is a boolean: there is nothing to say", "ask it in a condition")
        return False
    return True


def _offset_of_error(text: str, line: int) -> int:
    start = offset_of(text, line, 1)
    return max(text.find("{", start), start)

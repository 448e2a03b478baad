"""What is different between two strategies? Every part that authors wrote, old and new, with its place.

Reads the texts as nodes, the conditions as they were cut and typed, the catalogue that both were typed by, and the
definitions of the numbers line by line: together what a strategy's hash is made of, so two strategies without
a difference are the same but for comments and layout.
Pure. Before: `compiling`. Neighbours: `diff_parts` lays a document out, `diff_effects` says what follows for decisions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import PurePosixPath
from typing import Literal

from hogar.errors import Place
from hogar.strategy.definitions import definitions_of
from hogar.strategy.diff_parts import CONDITIONS, Leaf, parts
from hogar.strategy.documents import read
from hogar.strategy.types import Action, Strategy
from hogar.telco.catalogue import Catalogue, Feature

How = Literal["added", "removed", "changed"]
KINDS = (
    "controls",
    "objectives",
    "policies",
    "roles",
    "action",
    "trigger",
    "campaign",
    "usecase",
    "feature",
    "definition",
)
"""In which order differences are told: what acts on everything first."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two strategies: its texts, what they compile to, and the catalogue they are typed by."""

    texts: Mapping[str, str | bytes]
    strategy: Strategy
    catalogue: Catalogue


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference: which part of what, the old and the new text ("" where there is none), and where it stands.

    An empty `part` means the whole; `place` is in the new strategy, or in the old where something was removed.
    """

    how: How
    kind: str
    name: str
    part: str
    before: str
    after: str
    place: Place | None


def diff(before: Side, after: Side) -> tuple[Change, ...]:
    """Everything that is different, in the order of `KINDS`, then of names, then as written."""
    changes = [
        *_documents(before, after), *_features(before.catalogue, after.catalogue),
        *_definitions(definitions_of(before.texts), definitions_of(after.texts)),
    ]  # fmt: skip
    order = {kind: number for number, kind in enumerate(KINDS)}
    return tuple(
        sorted(changes, key=lambda change: (order.get(change.kind, len(KINDS)), change.kind, change.name))
    )


def words(change: Change) -> str:
    """One difference as a line for people.

    >>> words(Change(how="changed", kind="action", name="tv", part="interest", before="0.1", after="0.2", place=None))
    'action `tv`, interest: `0.1` becomes `0.2`'
    """
    what = f"{change.kind} `{change.name}`" if change.name else change.kind
    if not change.part:
        said = change.after or change.before
        return f"{what} {change.how}" + (f": {said}" if said else "")
    where = f"{what}, {change.part}"
    if change.how == "changed":
        return f"{where}: `{change.before}` becomes `{change.after}`"
    return f"{where} {change.how}: `{change.after or change.before}`"


def _documents(before: Side, after: Side) -> Iterator[Change]:
    old, new = _paths(before.texts), _paths(after.texts)
    actions = [{action.key: action for action in side.strategy.actions} for side in (before, after)]
    for path in sorted(old | new):
        kind, name = _kind(path)
        if name and path not in old & new:
            yield _whole(kind, name, path, before if path in old else after, is_new=path in new)
        if kind == "action":
            yield from _conditions(name, actions[0].get(name), actions[1].get(name))
        was, now = (
            parts(read(path, side.texts[path]), kind) if path in side.texts else {}
            for side in (before, after)
        )
        if name and path not in old & new:
            was, now = _but_name(was), _but_name(now)
        yield from _leaves(kind, name, was, now)


def _whole(kind: str, name: str, path: str, side: Side, *, is_new: bool) -> Change:
    """A file that is new or gone, by what people call it; its parts follow, so that who approves it has read it."""
    called = parts(read(path, side.texts[path]), kind).get("name")
    text = called.text if called is not None else ""
    return Change(
        how="added" if is_new else "removed", kind=kind, name=name, part="", before="" if is_new else text,
        after=text if is_new else "", place=Place(file=path),
    )  # fmt: skip


def _but_name(leaves: Mapping[str, Leaf]) -> dict[str, Leaf]:
    return {part: leaf for part, leaf in leaves.items() if part != "name"}


def _leaves(kind: str, name: str, was: Mapping[str, Leaf], now: Mapping[str, Leaf]) -> Iterator[Change]:
    for part in [*now, *(part for part in was if part not in now)]:
        old, new = was.get(part), now.get(part)
        if old is None or new is None or old.text != new.text:
            leaf = new or old
            assert leaf is not None
            yield Change(
                how="changed" if old and new else "added" if new else "removed", kind=kind, name=name, part=part,
                before=old.text if old else "", after=new.text if new else "", place=leaf.place,
            )  # fmt: skip


def _conditions(name: str, was: Action | None, now: Action | None) -> Iterator[Change]:
    """Conditions one by one: cut at each `and`, so that one more is one more and not a new text."""
    for field, kind in CONDITIONS.items():
        old, new = (
            [(c.text, c.place) for c in action.conditions if c.kind == kind] if action is not None else []
            for action in (was, now)
        )
        matcher = SequenceMatcher(a=[text for text, _ in old], b=[text for text, _ in new], autojunk=False)
        for what, a, b, c, d in matcher.get_opcodes():
            if what != "equal":
                yield from _paired(name, field, old[a:b], new[c:d])


def _paired(
    name: str, field: str, old: Sequence[tuple[str, Place]], new: Sequence[tuple[str, Place]]
) -> Iterator[Change]:
    for number in range(max(len(old), len(new))):
        was = old[number] if number < len(old) else None
        now = new[number] if number < len(new) else None
        some = now or was
        assert some is not None
        yield Change(
            how="changed" if was and now else "added" if now else "removed", kind="action", name=name, part=field,
            before=was[0] if was else "", after=now[0] if now else "", place=some[1],
        )  # fmt: skip


def _features(before: Catalogue, after: Catalogue) -> Iterator[Change]:
    """What is different about the features: type, whose data, purposes. Other words of the catalogue decide nothing."""
    for name in sorted(before.features.keys() | after.features.keys()):
        was, now = before.features.get(name), after.features.get(name)
        some = now or was
        assert some is not None
        place = Place(file=some.file) if some.file else None
        if was is None or now is None:
            yield Change(
                how="added" if now else "removed", kind="feature", name=name, part="", place=place,
                before=_of_feature(was) if was else "", after=_of_feature(now) if now else "",
            )  # fmt: skip
            continue
        for part, old, new in zip(("type", "whose data", "purposes"), _facts(was), _facts(now), strict=True):
            if old != new:
                yield Change(
                    how="changed", kind="feature", name=name, part=part, before=old, after=new, place=place
                )


def _definitions(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    """What makes the numbers: files that are new or gone, and the lines that were changed in the others."""
    if not before or not after:  # kept by one of the two only, as of a release before
        if before or after:
            said = f"{len(after or before)} files that make the numbers"
            yield Change(
                how="added" if after else "removed", kind="definition", name="", part="", place=None,
                before="" if after else said, after=said if after else "",
            )  # fmt: skip
        return
    for path in sorted(before.keys() | after.keys()):
        was, now = before.get(path), after.get(path)
        if was is None or now is None:
            yield Change(
                how="added" if was is None else "removed", kind="definition", name=path, part="", before="",
                after="", place=Place(file=path),
            )  # fmt: skip
        elif was != now:
            yield from _lines(path, was.splitlines(), now.splitlines())


def _lines(path: str, was: Sequence[str], now: Sequence[str]) -> Iterator[Change]:
    matcher = SequenceMatcher(a=was, b=now, autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        for number in range(0 if what == "equal" else max(b - a, d - c)):
            old = was[a + number] if a + number < b else None
            new = now[c + number] if c + number < d else None
            line = c + number if new is not None else a + number
            yield Change(
                how="changed" if old is not None and new is not None else "added" if old is None else "removed",
                kind="definition", name=path, part=f"line {line + 1}", before=(old or "").strip(),
                after=(new or "").strip(), place=Place(file=path, line=line + 1),
            )  # fmt: skip


def _facts(feature: Feature) -> tuple[str, str, str]:
    return feature.type, feature.whose, ", ".join(sorted(feature.purposes))


def _of_feature(feature: Feature) -> str:
    type_, whose, purposes = _facts(feature)
    return f"a {type_}, {whose}'s data, for {purposes}"


def _paths(texts: Mapping[str, str | bytes]) -> set[str]:
    return {path for path in texts if path.startswith("strategy/")}


def _kind(path: str) -> tuple[str, str]:
    """What a file is, and its name: `strategy/actions/tv.yml` is the action `tv`, `strategy/roles.yml` the roles."""
    pure = PurePosixPath(path)
    folders = pure.parts[1:-1]
    return (folders[0].removesuffix("s"), pure.stem) if folders else (pure.stem, "")

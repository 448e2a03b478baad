"""What do decisions read from now on? A profile version and a compiled strategy, made live together, or proposed.

Order, and why: (1) the strategy compiles, so that nothing is published while a problem stands; (2) the profile
version is written aside and finished; (3) other systems' contacts enter the ledger; (4) one transaction keeps the
strategy's texts by their hash and moves both pointers; (5) live counters forget what may not be known any more and take
the silos' new events, in steps that may be done again. A crash before (4) leaves what was live.
Where two people are needed, (4) keeps the strategy as proposed, and moves the profile pointer alone: to what is known
of people today, if the strategy that stays live fits it and its numbers are defined as before. What is set at
run time (`controls.yml`) is carried over.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hogar import features as feature_room
from hogar import strategy
from hogar.build.definitions import kept_definitions
from hogar.build.live_seeds import live_seeds
from hogar.build.profile import publish_profile
from hogar.build.work import StepResult, Work
from hogar.errors import HogarError, ProblemsFound
from hogar.runtime.live_state import refresh
from hogar.runtime.strategies import source_of, strategy_of, strategy_row
from hogar.runtime.strategies.fitting import fit
from hogar.runtime.strategies.reviews import ended, propose, waiting
from hogar.runtime.strategies.stopping import ATTEMPTS_MAX, Contended
from hogar.stores import warehouse
from hogar.stores.contact_import import import_contacts
from hogar.stores.ledger import Ledger, StrategyRow
from hogar.stores.manifest import is_whole
from hogar.stores.moment import to_micros
from hogar.stores.profiles import Profiles, ProfilesError
from hogar.stores.reviews import switch
from hogar.stores.state import State
from hogar.strategy.controls import PATH as CONTROLS
from hogar.strategy.controls import folder_problems
from hogar.strategy.definitions import as_definitions, definitions_name, definitions_of
from hogar.strategy.types import Strategy
from hogar.telco.catalogue import Catalogue

TEXTS = ("strategy",)
CHANGED_SHOWN_MAX = 3


class NotInState(HogarError):
    """The published profile version is not in the project's state."""


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """The project's strategy under what is set at run time over the `live` one, ready to be kept.

    `definitions` names the texts that its numbers are made of.
    """

    strategy: Strategy
    row: StrategyRow
    catalogue: Catalogue
    definitions: str
    live: str | None


def publish(work: Work) -> StepResult:
    """Compile the strategy, write the profile version, make both live or propose. Raises `ProblemsFound`."""
    start = time.perf_counter()
    ingested, resolved = work.current("ingest"), work.current("resolve")
    computed, trained = work.current("features"), work.current("train")
    compiled = compiled_files(work)
    fingerprint = work.fingerprint(
        resolved.name, computed.name, trained.name, work.language, compiled.definitions
    )
    Ledger.open(work.state.ledger_path).close()  # before the step: a finished one without a ledger lost it
    done = work.state.reuse("publish", fingerprint)
    fresh = done is None
    if done is None:
        with work.state.write("publish", fingerprint) as out, warehouse.connect() as con:
            warehouse.canonical(con, ingested, gated=True)
            publish_profile(
                con=con, resolve=resolved, features=computed, train=trained, out=out, now=work.now.date(),
                catalogue=compiled.catalogue, language=work.language, definitions=compiled.definitions,
                progress=work.progress,
            )  # fmt: skip
        done = work.current("publish")
    profiles = Profiles.open(done)
    with Ledger.open(work.state.ledger_path) as ledger:
        import_contacts(ledger, ingested / "contact.parquet")
        for _ in range(ATTEMPTS_MAX):
            report = _made_live(work, ledger, compiled, profiles)
            if report is not None:
                break
            compiled = compiled_files(work)  # somebody set something at run time, or rolled back: under that
        else:
            raise Contended
        if report["profile_live"]:
            refresh(ledger, profiles, work.now, live_seeds(ingested, profiles, work.now))
    work.state.remember_data()
    made = compiled.strategy
    report = {
        "strategy": made.hash, "actions": len(made.actions), "campaigns": len(made.campaigns),
        "triggers": len(made.triggers), "profile": profiles.schema.version, "households": profiles.count, **report,
    }  # fmt: skip
    profiles.close()
    return StepResult(step="publish", report=report, seconds=time.perf_counter() - start, fresh=fresh)


def compiled_files(work: Work) -> Compiled:
    """The project's files as a strategy, with the live strategy's run-time controls. Raises `ProblemsFound`."""
    catalogue = published_catalogue(work.current("features"), work.current("train"))
    files: dict[str, str | bytes] = {
        path: text for path, text in work.texts(*TEXTS).items() if strategy.decides(path)
    }
    offers = known_offers(work.current("ingest"))
    if problems := folder_problems(files):
        raise ProblemsFound([*problems, *strategy.check(files, catalogue, offers)])
    live, controls = _live_controls(work)
    made_of = kept_definitions(work.current(step) for step in ("ingest", "resolve", "features", "train"))
    texts = files | controls | as_definitions({**made_of, **_spoken(work)} if made_of else {})
    try:
        compiled = strategy.compile(texts, catalogue, offers)
    except ProblemsFound as error:
        if any(problem.place.file != CONTROLS for problem in error.problems):
            strategy.compile(files, catalogue, offers)  # the authors' own problems come first, and alone
        raise NotUnderControls(str(error)) from error
    row = strategy_row(texts, catalogue, offers, at=work.now, by=str(work.author), why=work.why)
    return Compiled(
        strategy=compiled, row=row, catalogue=catalogue, live=live, definitions=definitions_name(texts)
    )


def _spoken(work: Work) -> dict[str, str]:
    """The language of those of whom no silo names one: publishing itself reads it."""
    return {"hogar.toml [project]": f"language: {work.language}\n"}


class NotUnderControls(HogarError):
    """The files are right, but not with what is set at run time."""

    def __init__(self, problems: str) -> None:
        super().__init__(
            f"what is set at run time does not go with the files any more: {problems}; `hogar set` shows it, "
            "`hogar set --clear` takes it back"
        )


def _made_live(
    work: Work, ledger: Ledger, compiled: Compiled, profiles: Profiles
) -> dict[str, object] | None:
    """Move the pointers, or propose; what became of strategy and profile version. None where another one is live."""
    version, row, live, at = profiles.schema.version, compiled.row, compiled.live, to_micros(work.now)
    before, waits = ledger.pointers(), waiting(ledger, row.hash)
    report: dict[str, object] = {
        "state": "live", "live": row.hash, "before": live, "profile_live": True, "because": "",
        "controls": not compiled.strategy.controls.is_empty,
    }  # fmt: skip
    if row.hash == live or not (work.propose or work.approvals > 1):
        pointers = {"strategy": row.hash, "profile": version}
        if pointers.items() <= before.items():
            return report
        done = switch(
            ledger, author=work.author, at=at, why=work.why, what="publish", subject=row.hash, strategy=row,
            pointers=pointers, expected={"strategy": live},
            review=None if waits is None else ended(waits, work.author, at, work.why),
        )  # fmt: skip
        return report if done else None
    propose(ledger, row, author=work.author, why=work.why, at=at)
    report |= {"state": "proposed", "live": live}
    refused = "nothing is live yet" if live is None else _refused(ledger, live, compiled, profiles)
    if refused:
        return report | {"profile_live": version == before.get("profile"), "because": refused}
    done = switch(
        ledger, author=work.author, at=at, why=work.why, what="profiles", subject=version,
        pointers={"profile": version}, expected={"strategy": live},
    )  # fmt: skip
    return report if done else None


def _refused(ledger: Ledger, live: str, compiled: Compiled, profiles: Profiles) -> str:
    """Why the live strategy cannot go on over this profile version, or may not; nothing where it can and may."""
    row = ledger.strategy(live)
    assert row is not None, "what is live is kept"
    try:
        fit(strategy_of(row), source_of(row).catalogue, profiles)
    except HogarError as error:
        return str(error)
    changed = _changed(source_of(row).texts, source_of(compiled.row).texts)
    return (
        f"its numbers are defined otherwise now ({changed}), and that waits for approval too"
        if changed
        else ""
    )


def _changed(before: Mapping[str, str | bytes], after: Mapping[str, str | bytes]) -> str:
    """The files by which numbers are defined otherwise, the first few; nothing where none is."""
    was, now = definitions_of(before), definitions_of(after)
    if now and not was:
        return "an earlier release did not keep what they are made of"
    files = sorted(path for path in was.keys() | now.keys() if was.get(path) != now.get(path))
    more = f" and {len(files) - CHANGED_SHOWN_MAX} more" * (len(files) > CHANGED_SHOWN_MAX)
    return ", ".join(files[:CHANGED_SHOWN_MAX]) + more


def _live_controls(work: Work) -> tuple[str | None, dict[str, str | bytes]]:
    """The live strategy, and what is set at run time over it as the one text that holds it."""
    if work.state.ledger_lost or not work.state.ledger_path.exists():
        return None, {}
    with Ledger.open(work.state.ledger_path) as ledger:
        live = ledger.pointers().get("strategy")
        row = ledger.strategy(live) if live is not None else None
    texts = source_of(row).texts if row is not None else {}
    return live, {CONTROLS: texts[CONTROLS]} if CONTROLS in texts else {}


def profile_folder(work_folder: Path, version: str) -> Path:
    """Where a profile version lies in the state: of several folders one that is whole. Raises `NotInState`."""
    found = []
    for schema in sorted((work_folder / "steps" / "publish").glob("*/schema.msgpack")):
        try:
            if Profiles.schema_of(schema.parent).version == version:
                found.append(schema.parent)
        except ProfilesError:  # another version's damage is no reason not to read this one
            continue
    if found:
        return next((folder for folder in found if is_whole(folder)), found[0])
    raise NotInState(
        f"profile version {version[:12]} is not below {work_folder}: it was made elsewhere, removed or damaged; "
        "run `hogar publish` again"
    )


def newest_profile(state: State) -> str | None:
    """The profile version that was built last, live or not; None where there is none that is whole."""
    folder = state.current("publish")
    try:
        return None if folder is None else Profiles.schema_of(folder).version
    except ProfilesError:
        return None


def published_catalogue(computed: Path, trained: Path) -> Catalogue:
    """The features and the scores that the last `features` and `train` made, as one catalogue."""
    return feature_room.load_catalogue(computed, trained)


def known_offers(ingested: Path) -> dict[str, str]:
    """The offers of the operator's catalogue: id to kind."""
    with warehouse.connect() as con:
        rows = con.execute(
            "select offer_id, kind from read_parquet(?)", [warehouse.plain_path(ingested / "offer.parquet")]
        ).fetchall()
    return dict(rows)

"""What do decisions read from now on? A profile version and a compiled strategy, made live together.

Order, and why: (1) the strategy compiles, so that nothing is published while a problem stands; (2) the profile
version is written aside and finished; (3) other systems' contacts enter the ledger; (4) the strategy's texts are
kept by their hash; (5) one transaction moves both pointers. A crash before (5) leaves what was live.
"""

from __future__ import annotations

import time
from pathlib import Path

from hogar import features as feature_room
from hogar import strategy
from hogar.build.profile import publish_profile
from hogar.build.work import StepResult, Work
from hogar.errors import HogarError
from hogar.runtime.strategies import strategy_row
from hogar.stores import warehouse
from hogar.stores.contact_import import import_contacts
from hogar.stores.ledger import Ledger
from hogar.stores.manifest import is_whole
from hogar.stores.moment import to_micros
from hogar.stores.profiles import Profiles, ProfilesError
from hogar.telco.catalogue import Catalogue

TEXTS = ("strategy",)


class NotInState(HogarError):
    """The published profile version is not in the project's state."""


def publish(work: Work) -> StepResult:
    """Compile the strategy, write the profile version, make both live. Raises `ProblemsFound`."""
    start = time.perf_counter()
    ingested, resolved = work.current("ingest"), work.current("resolve")
    computed, trained = work.current("features"), work.current("train")
    catalogue = published_catalogue(computed, trained)
    texts = work.texts(*TEXTS)
    offers = known_offers(ingested)
    compiled = strategy.compile(texts, catalogue, offers)
    fingerprint = work.fingerprint(resolved.name, computed.name, trained.name, work.language)
    Ledger.open(work.state.ledger_path).close()  # before the step: a finished one without a ledger lost it
    done = work.state.reuse("publish", fingerprint)
    fresh = done is None
    if done is None:
        with work.state.write("publish", fingerprint) as out, warehouse.connect() as con:
            warehouse.canonical(con, ingested, gated=True)
            publish_profile(
                con=con, resolve=resolved, features=computed, train=trained, out=out, now=work.now.date(),
                catalogue=catalogue, language=work.language, progress=work.progress,
            )  # fmt: skip
        done = work.current("publish")
    profiles = Profiles.open(done)
    with Ledger.open(work.state.ledger_path) as ledger:
        import_contacts(ledger, ingested / "contact.parquet")
        at = to_micros(work.now)
        before = ledger.pointers()
        ledger.publish_strategy(strategy_row(texts, catalogue, offers, at=work.now, by=work.by, why=work.why))
        pointers = {"strategy": compiled.hash, "profile": profiles.schema.version}
        if any(before.get(name) != value for name, value in pointers.items()):
            ledger.point(pointers, at=at, by=work.by, why=work.why)
    work.state.remember_data()
    report = {
        "strategy": compiled.hash, "actions": len(compiled.actions), "campaigns": len(compiled.campaigns),
        "triggers": len(compiled.triggers), "profile": profiles.schema.version, "households": profiles.count,
    }  # fmt: skip
    profiles.close()
    return StepResult(step="publish", report=report, seconds=time.perf_counter() - start, fresh=fresh)


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

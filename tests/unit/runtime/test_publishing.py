"""Which strategy decides is proposed, approved, switched and switched back in one step, by people with names."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import small_market
from tests.unit.runtime.strategies_by_hand import ANA, BEN, PLAN, proposed, row, row_of

from hogar.errors import ProblemsFound, UsageError
from hogar.runtime.engine import Engine
from hogar.runtime.strategies import comparing, controls, publishing, reviews, standing, strategy_of
from hogar.runtime.strategies.audit import audit
from hogar.runtime.strategies.comparing import NotUnderstood
from hogar.runtime.strategies.fitting import DoesNotFit
from hogar.runtime.strategies.reviews import FourEyes, Stale
from hogar.runtime.strategies.standing import UnknownStrategy
from hogar.stores.moment import to_micros
from hogar.stores.profiles import write_profiles
from hogar.stores.reviews import Author
from hogar.stores.reviews import reviews as words_of
from hogar.strategy.controls import Controls, Price, with_controls
from hogar.strategy.definitions import as_definitions
from hogar.telco.catalogue import Catalogue, Feature


def states(engine: Engine) -> dict[str, str]:
    """Where each strategy stands."""
    return {one.hash: one.state for one in standing.strategies(engine).strategies}


def test_a_proposal_waits_and_decides_nothing(engine: Engine) -> None:
    """It is kept, once; what is live goes on."""
    live = engine.live().pointers
    hash_ = proposed(engine, row())
    assert not reviews.propose(engine.ledger, row(), author=BEN, why="again", at=2)
    assert engine.live().pointers == live
    assert states(engine)[hash_] == "proposed"
    assert [one.by for one in words_of(engine.ledger)] == ["Ana"]


def test_two_people_are_needed_where_that_is_set(engine: Engine) -> None:
    """Who proposed does not approve, however the name is written; somebody else does, and both are named."""
    engine.approvals = 2
    hash_ = proposed(engine, row())
    with pytest.raises(FourEyes, match="somebody else approves it"):
        reviews.approve(engine, hash_, author=Author(" ANA ", "ops8"), why="fine")
    done = reviews.approve(engine, hash_[:8], author=BEN, why="fine")
    assert (done.strategy, engine.live().kernel.strategy.hash) == (hash_, hash_)
    (live,) = [one for one in standing.strategies(engine).strategies if one.state == "live"]
    assert (live.proposed_by, live.approved_by) == ("Ana (ops7)", "Ben (ops7)")
    with pytest.raises(UsageError, match="is live, not proposed"):
        reviews.approve(engine, hash_, author=BEN, why="again")


@pytest.mark.parametrize(
    "author",
    [
        Author("An\u00e1.", "x"),
        Author("\uff21na", "x"),
        Author("a\u200bn\u0430", "x"),
        Author("ops7", "ops7"),
    ],
)
def test_another_spelling_or_no_name_is_no_second_person(engine: Engine, author: Author) -> None:
    """A name written otherwise is the same name, and who states none from the same account is nobody else."""
    engine.approvals = 2
    waits = proposed(engine, row())
    with pytest.raises(reviews.FourEyes):
        reviews.approve(engine, waits, author=author, why="fine")
    assert reviews.approve(engine, waits, author=BEN, why="fine").strategy == waits


def test_other_definitions_of_the_numbers_are_another_strategy(engine: Engine) -> None:
    """They need two people too, are told line by line, and go live only over profiles that are made of them."""
    engine.approvals = 2
    live = engine.ledger.strategy(engine.ledger.pointers()["strategy"])
    assert live is not None
    one, other = (
        row_of({**small_market.TEXTS, **as_definitions({"features/spend.sql": f"select 1\n, {n} as spend"})})
        for n in (1, 1000)
    )
    assert len({live.hash, one.hash, other.hash}) == 3
    sides = [comparing.side_of(each, strategy_of(each)) for each in (one, other)]
    (change,) = comparing.compare(*sides).changes
    assert change.words == "definition `features/spend.sql`, line 2: `, 1 as spend` becomes `, 1000 as spend`"
    assert change.place == "features/spend.sql:2:1"
    waits, before = proposed(engine, other), engine.ledger.pointers()
    with pytest.raises(reviews.FourEyes):
        reviews.approve(engine, waits, author=ANA, why="mine")
    with pytest.raises(DoesNotFit, match="other definitions of its numbers"):
        reviews.approve(engine, waits, author=BEN, why="fine")
    assert engine.ledger.pointers() == before


def test_one_person_is_enough_where_one_is_set(engine: Engine) -> None:
    """A proposal that was made of one's own accord may be approved by the same person."""
    hash_ = proposed(engine, row())
    assert reviews.approve(engine, hash_, author=ANA, why="slept over it").strategy == hash_


def test_a_rejected_strategy_stays_out_until_it_is_proposed_again(engine: Engine) -> None:
    """The word and its reason are kept; the same texts may come back."""
    hash_ = proposed(engine, row())
    assert reviews.reject(engine, hash_, author=BEN, why="too cheap").state == "rejected"
    with pytest.raises(UsageError, match="rejected, not proposed"):
        reviews.approve(engine, hash_, author=BEN, why="after all")
    with pytest.raises(UsageError, match="was never live"):
        publishing.rollback(engine, hash_, author=BEN, why="after all")
    proposed(engine, row())
    assert reviews.approve(engine, hash_, author=BEN, why="now").strategy == hash_


def test_approving_brings_the_change_and_nothing_back(engine: Engine) -> None:
    """What was switched since the proposal stays: an objective, a lever, or new texts under proposed controls."""
    texts = {**small_market.TEXTS, PLAN: small_market.TEXTS[PLAN].replace("interest: 0.3", "interest: 0.1")}
    first = proposed(engine, row_of(texts))
    levers = with_controls(small_market.TEXTS, Controls().with_price(Price(channel="sms", eur=0.1)))
    meanwhile = publishing.bound(engine, row_of(levers), engine.live().pointers["profile"])
    publishing.switched(
        engine, meanwhile, dict(engine.live().pointers), author=BEN, why="", what="set", subject="price"
    )
    done = reviews.approve(engine, first, author=BEN, why="fine")
    live = engine.live().kernel.strategy
    assert done.strategy == live.hash not in (first, meanwhile.row.hash)
    assert live.controls.prices
    assert next(a for a in live.actions if a.key == "family_plan").interest.text == "0.1"
    assert states(engine)[first] == "approved"


def test_what_controls_propose_keeps_texts_that_went_live_since(engine: Engine) -> None:
    """A proposed price comes over the texts of today, and needs as many people as controls need."""
    engine.approvals, engine.control_approvals = 1, 2
    price = proposed(
        engine, row_of(with_controls(small_market.TEXTS, Controls(prices=(Price(channel="sms", eur=0.1),))))
    )
    reviews.approve(engine, proposed(engine, row()), author=ANA, why="only texts: one is enough")
    with pytest.raises(FourEyes):
        reviews.approve(engine, price, author=ANA, why="fine")
    reviews.approve(engine, price, author=BEN, why="fine")
    live = engine.live().kernel.strategy
    assert live.controls.prices
    assert next(a for a in live.actions if a.key == "family_plan").interest.text == "0.1"


def test_what_would_undo_another_change_is_stale(engine: Engine) -> None:
    """Files that went live since are not put back unseen; proposed again, over what is live now, it goes."""
    old, other = proposed(engine, row()), proposed(engine, row(new="interest: 0.2"), BEN)
    reviews.approve(engine, other, author=ANA, why="fine")
    with pytest.raises(Stale, match="the files changed since"):
        reviews.approve(engine, old, author=BEN, why="fine")
    assert reviews.propose(engine.ledger, row(), author=BEN, why="still", at=3)
    engine.approvals = 2
    for name in (ANA, BEN):  # both have proposed it by now
        with pytest.raises(FourEyes):
            reviews.approve(engine, old, author=name, why="fine")
    assert reviews.approve(engine, old, author=Author("Zoe", "ops7"), why="fine").strategy == old


def test_what_no_longer_fits_or_compiles_is_refused_and_moves_nothing(engine: Engine) -> None:
    """The reason names everything that is missing; the proposal waits on."""
    tv = Feature(entity="household", name="has_tv", type="boolean", whose="payer")
    gone = Feature(entity="household", name="spend_eur", type="text", whose="payer")
    kept = [f for f in small_market.CATALOGUE if f.name != "spend_eur"]
    texts = {
        **small_market.TEXTS,
        PLAN: small_market.TEXTS[PLAN].replace(
            "household.mobile_lines >= 2", "not household.has_tv and household.spend_eur = 'much'"
        ),
    }
    texts["strategy/policies.yml"] += "house_rules: {spend_band: off}\n"
    wrong = proposed(engine, row_of(texts, Catalogue.of([*kept, tv, gone])))
    before = engine.ledger.pointers()
    with pytest.raises(DoesNotFit) as refused:
        reviews.approve(engine, wrong, author=BEN, why="fine")
    assert "`household.has_tv` is not published" in str(refused.value)
    assert "`household.spend_eur` is published as a number, not as a text" in str(refused.value)
    broken = proposed(engine, row("interest: 0.3", "intrest: 0.3"))
    with pytest.raises(ProblemsFound, match="unknown field `intrest`"):
        reviews.approve(engine, broken, author=BEN, why="fine")
    assert engine.ledger.pointers() == before
    assert [one.state for one in standing.strategies(engine).strategies].count("proposed") == 2


def test_rollback_goes_to_the_one_before_or_the_one_named(engine: Engine) -> None:
    """Over today's profiles, without a build, with a line in the audit; also twice, also with a clock that stands."""
    first = engine.live().kernel.strategy.hash
    second, third = (
        reviews.approve(engine, proposed(engine, row(new=f"interest: 0.{n}")), author=ANA, why="").strategy
        for n in (1, 2)
    )
    assert publishing.rollback(engine, None, author=BEN, why="too many calls").strategy == second
    assert publishing.rollback(engine, None, author=BEN, why="no").strategy == third
    done = publishing.rollback(engine, first[:6], author=BEN, why="as it was")
    assert (done.strategy, done.before) == (first, third)
    assert engine.live().kernel.strategy.hash == first
    _, by, what, subject, detail, _ = engine.ledger.audit(1)[0]
    assert (by, what, subject) == ("Ben (ops7)", "rollback", first)
    assert detail == f"strategy {third} -> {first}; as it was"
    with pytest.raises(UsageError, match="is live now"):
        publishing.rollback(engine, first, author=BEN, why="again")


def test_rollback_takes_back_files_and_keeps_what_is_set(engine: Engine) -> None:
    """Unnamed: the files of the publication before, under the objective, levers and prices of now; named: as then."""
    first = engine.live().kernel.strategy.hash
    lever = controls.lever("action", "family_plan", 2.0)
    controls.change(engine, lambda now: now.with_lever(lever), author=ANA)
    with pytest.raises(UsageError, match="no other files were live before; `hogar set --clear`"):
        publishing.rollback(engine, None, author=BEN, why="no")
    second = reviews.approve(engine, proposed(engine, row()), author=ANA, why="").strategy
    price = controls.price("channel", "web", 1.0)
    controls.change(engine, lambda now: now.with_lever(lever).with_price(price), author=ANA)
    back = publishing.way_back(engine, None, author=BEN, why="too dear")
    told = comparing.from_live(engine, back.ready)
    assert [one.words for one in told.changes] == ["action `family_plan`, interest: `0.1` becomes `0.3`"]
    assert back.keeps
    done = publishing.go_back(engine, back, author=BEN, why="too dear")
    assert done.strategy not in (first, second)
    shown = controls.view(engine)
    assert (len(shown.levers), len(shown.prices)) == (1, 1)
    assert publishing.rollback(engine, first, author=BEN, why="as it was").strategy == first
    assert controls.view(engine).levers == ()


def test_rollback_says_where_the_files_before_do_not_go_with_what_is_set(engine: Engine) -> None:
    """A lever on an action that those files do not have; nothing moves."""
    before = engine.live().kernel.strategy.hash
    texts = {**small_market.TEXTS, PLAN.replace("family", "other"): small_market.TEXTS[PLAN]}
    reviews.approve(engine, proposed(engine, row_of(texts)), author=ANA, why="")
    lever = controls.lever("action", "other_plan", 2.0)
    controls.change(engine, lambda now: now.with_lever(lever), author=ANA)
    with pytest.raises(UsageError, match=f"`hogar set --clear`.*`hogar rollback {before[:12]}`"):
        publishing.rollback(engine, None, author=BEN, why="no")


def test_the_clock_is_kept_beside_the_projects_now(engine: Engine) -> None:
    """Who approved when, though the project's now stands still."""
    ben = Author("Ben", "ops8", to_micros(small_market.NOW + timedelta(days=200)))
    hash_ = proposed(engine, row())
    reviews.approve(engine, hash_, author=ben, why="fine")
    (entry,) = audit(engine, 1).entries
    assert (entry.at, entry.clock) == (
        small_market.NOW.isoformat(),
        (small_market.NOW + timedelta(days=200)).isoformat(),
    )
    assert standing.find(engine, hash_).clock == entry.clock


def test_rollback_offers_the_profiles_it_ran_with(engine: Engine, tmp_path: Path) -> None:
    """What does not fit today's profiles can go back with those of then, if they are whole."""
    first = engine.live().pointers
    second = reviews.approve(engine, proposed(engine, row()), author=ANA, why="").strategy
    poorer = _without_age(tmp_path)
    engine.ledger.point({"profile": poorer}, at=5, by="build")
    with pytest.raises(DoesNotFit, match=r"`person.age` is not published.*--its-profile"):
        publishing.rollback(engine, first["strategy"], author=BEN, why="")
    assert engine.ledger.pointers()["strategy"] == second
    done = publishing.rollback(engine, first["strategy"], author=BEN, why="", its_profile=True)
    assert (done.strategy, done.profile) == (first["strategy"], first["profile"])


def test_a_strategy_is_named_by_how_it_begins(engine: Engine) -> None:
    """Four characters at least, and no other may begin so."""
    live = engine.live().kernel.strategy.hash
    assert standing.find(engine, live[:4]).hash == standing.find(engine, "live").hash == live
    for wrong in ("zzzzzz", live[:2]):
        with pytest.raises(UnknownStrategy):
            standing.find(engine, wrong)


def test_a_strategy_of_an_earlier_release_is_compared_as_far_as_it_is_understood(engine: Engine) -> None:
    """Its hash may be made otherwise today; where it does not compile any more, that is said."""
    old = msgspec.structs.replace(row(), hash="0123456789abcdef")
    engine.ledger.publish_strategy(old)
    (told,) = comparing.compare_kept(engine, old.hash, "live").changes
    assert told.words == "action `family_plan`, interest: `0.1` becomes `0.3`"
    broken = row("interest: 0.3", "intrest: 0.3")
    engine.ledger.publish_strategy(broken)
    with pytest.raises(NotUnderstood, match="has no `interest`"):
        comparing.compare_kept(engine, broken.hash, "live")


def test_of_two_who_switch_at_once_one_is_told(engine: Engine) -> None:
    """A switch that was made from what is not live any more moves nothing."""
    pointers = dict(engine.live().pointers)
    one = publishing.bound(engine, row(), pointers["profile"])
    other = publishing.bound(engine, row(new="interest: 0.2"), pointers["profile"])
    publishing.switched(engine, one, pointers, author=ANA, why="", what="set", subject="")
    with pytest.raises(UsageError, match="look at what is live"):
        publishing.switched(engine, other, pointers, author=BEN, why="", what="set", subject="")
    assert engine.live().kernel.strategy.hash == one.row.hash


def _without_age(folder: Path) -> str:
    """A profile version that lacks `person.age`."""
    schema = small_market.schema()
    other = msgspec.structs.replace(schema, person=(), as_of="2026-03-03T00:00:00+00:00")
    homes = [
        msgspec.structs.replace(
            home, members=tuple(msgspec.structs.replace(member, values=b"") for member in home.members)
        )
        for home in [small_market.home(1)]
    ]
    aside = folder / "poorer"
    version = write_profiles(aside, other, homes).version
    aside.rename(folder / version)
    return version

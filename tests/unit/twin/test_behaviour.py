"""Do they use, complain, leave, consent and meet us as the parameters and the stories' homes ask?"""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest

from hogar.cli.twin_files import default_params
from hogar.telco.channels import CHANNELS
from hogar.twin.behaviour.care import COMPLAINT, FAULT, TOPICS, complain, complained_before
from hogar.twin.behaviour.consents import consent
from hogar.twin.behaviour.declared import ADVISER, LIVES_WITH, USES_LINE
from hogar.twin.behaviour.leaving import last_sign, leave
from hogar.twin.behaviour.network import FIXED, MOBILE, operate
from hogar.twin.behaviour.touch import ORDER_STATES
from hogar.twin.behaviour.touch import TOPICS as PAGES
from hogar.twin.behaviour.use import FADES_NEVER, consume
from hogar.twin.calendar import months_before, today
from hogar.twin.chance import Chance
from hogar.twin.contracts.lines import POSTPAID, PREPAID, SILENT
from hogar.twin.contracts.segments import JOINT_BAND, MISFIT, RENEWER, TRAVELLER
from hogar.twin.world import World, draw

SEEDS = [1, 2]
PARAMS = default_params()
TODAY = today(PARAMS.now)


@cache
def world(persons: int, seed: int) -> World:
    return draw(persons, PARAMS, Chance(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_step_repeats_with_its_stream(seed):
    """Use, network, tickets and leaving depend on their inputs and the generator alone."""
    made = world(2000, seed)
    lines, places = made.contracts.lines, made.places
    for step in (
        lambda rng: consume(lines, PARAMS, rng),
        lambda rng: operate(places, PARAMS, rng),
        lambda rng: complain(lines, made.use, made.network, places, made.roles.adviser, PARAMS, rng),
        lambda rng: leave(lines, made.use, made.tickets, PARAMS, rng),
    ):
        one, two = step(Chance(seed).stream("x")), step(Chance(seed).stream("x"))
        for field in fields(one):
            np.testing.assert_array_equal(getattr(one, field.name), getattr(two, field.name))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_is_billed_beyond_its_common_allowance_only(seed):
    """Lines of one plan share its data: nobody pays while the whole plan has some left, and no GB is paid twice."""
    made = world(5000, seed)
    lines, use = made.contracts.lines, made.use
    pooled = np.flatnonzero((lines.pool >= 0) & (lines.kind == POSTPAID) & np.isfinite(lines.allowed_gb))
    assert len(pooled) > 50
    plan = lines.pool[pooled]
    beyond = np.stack(
        [np.bincount(plan, use.gb[pooled, m] - lines.allowed_gb[pooled]) for m in range(12)], axis=1
    )
    paid = np.stack([np.bincount(plan, use.overage_cents[pooled, m]) for m in range(12)], axis=1)
    np.testing.assert_allclose(paid, 300 * np.maximum(beyond, 0.0), atol=5)
    assert (paid > 0).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_use_fades_and_calm_homes_keep_their_habits(seed):
    """A fading line ends far below its usual use; lines of the stories' homes vary by some per cent."""
    made = world(5000, seed)
    lines, use = made.contracts.lines, made.use
    fading = np.flatnonzero((use.fades_from < 6) & (lines.gb > 0.5))
    assert 0.02 < np.mean(use.fades_from[lines.mobile] != FADES_NEVER) < 0.12
    assert np.median(use.gb[fading, -1] / lines.gb[fading]) < 0.1
    calm = (lines.segment > 0) & lines.mobile & (lines.gb > 0.5)
    assert (use.fades_from[calm] == FADES_NEVER).all()
    usual = use.gb[calm].mean(axis=1, keepdims=True)
    assert np.std(use.gb[calm] / usual) < 0.1
    assert (use.gb[~lines.mobile] == 0).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_some_cells_are_bad_and_go_out_oftener(seed):
    """The share of bad cells is the parameter's; outages are over before the extract, some of each kind are recent."""
    params = replace(PARAMS, network=replace(PARAMS.network, bad_cells=0.2))
    network = operate(world(20000, seed).places, params, Chance(seed).stream("network"))
    cells = len(network.dropped)
    worst = network.dropped.max(axis=1)
    assert 0.1 < np.mean(worst > 3 * np.median(network.dropped)) < 0.3
    assert np.corrcoef(network.dropped.ravel(), network.mbps.ravel())[0, 1] < -0.1
    now = np.datetime64(PARAMS.now.replace(tzinfo=None), "s")
    assert (network.at + network.minutes.astype("timedelta64[m]") < now).all()
    assert (network.at >= months_before(PARAMS.now)[0]).all()
    for technology in (MOBILE, FIXED):
        of = network.technology == technology
        assert (network.at[of] > now - np.timedelta64(26, "D")).any()
    struck = np.bincount(network.where[network.technology == MOBILE], minlength=cells)
    assert struck[worst > 3 * np.median(network.dropped)].mean() > struck[worst < np.median(worst)].mean()


@pytest.mark.parametrize("seed", SEEDS)
def test_faults_follow_outages_and_complaints_bad_cells(seed):
    """More outages bring more faults, worse cells more complaints of mobile lines."""
    made = world(5000, seed)
    lines, places = made.contracts.lines, made.places

    def tickets(**changed: float) -> np.ndarray:
        params = replace(PARAMS, network=replace(PARAMS.network, **changed))
        network = operate(places, params, Chance(seed).stream("network"))
        found = complain(
            lines, made.use, network, places, made.roles.adviser, params, Chance(seed).stream("care")
        )
        return np.bincount(found.kind, minlength=3)

    quiet = tickets(mobile_outages_year=0.01, fixed_outages_year=0.01, bad_cells=0.0)
    assert tickets(mobile_outages_year=6.0, fixed_outages_year=6.0, bad_cells=0.0)[FAULT] > 1.5 * quiet[FAULT]
    assert (
        tickets(mobile_outages_year=0.01, fixed_outages_year=0.01, bad_cells=1.0)[COMPLAINT]
        > 1.3 * quiet[COMPLAINT]
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_tickets_are_as_many_as_the_parameters_say_and_calm_homes_never_complain(seed):
    """Rates a line and year; overage makes complaints likelier; no ticket is opened after the extract."""
    made = world(5000, seed)
    tickets, lines = made.tickets, made.contracts.lines
    complaints, faults, questions = np.bincount(tickets.kind, minlength=3) / len(lines)
    assert 0.10 < complaints < 0.20
    assert 0.18 < faults < 0.36
    assert 0.32 < questions < 0.48
    assert (tickets.opened < TODAY).all()
    assert (tickets.opened >= lines.started[tickets.line]).all()
    closed = ~np.isnat(tickets.closed)
    assert (tickets.closed[closed] >= tickets.opened[closed]).all()
    assert (tickets.closed[closed] < TODAY).all()
    assert all((tickets.topic[tickets.kind == kind] < len(words)).all() for kind, words in enumerate(TOPICS))
    calm = np.flatnonzero(made.segments.of_home[made.population.home] > 0)
    angry = tickets.kind == COMPLAINT
    assert not np.isin(tickets.opener[angry], calm[np.isin(calm, lines.user)]).any()
    assert not (lines.segment[tickets.line[angry]] > 0).any()
    dear = (made.use.overage_cents >= 300).mean(axis=1) > 0.5
    per_line = np.bincount(tickets.line[angry], minlength=len(lines))
    free = lines.segment == 0
    assert per_line[dear & free].mean() > 1.5 * per_line[~dear & free].mean()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_homes_agent_opens_some_tickets_of_others_lines(seed):
    """None where the parameter is 0, most where it is 1."""
    made = world(2000, seed)

    def share(chance: float) -> float:
        params = replace(PARAMS, touch=replace(PARAMS.touch, agent_opens=chance))
        lines, adviser = made.contracts.lines, made.roles.adviser
        found = complain(
            lines, made.use, made.network, made.places, adviser, params, Chance(seed).stream("care")
        )
        agent = np.where(lines.home[found.line] >= 0, adviser[lines.home[found.line]], -1)
        others = (agent >= 0) & (agent != lines.user[found.line]) & (agent != lines.holder[found.line])
        return float(np.mean(found.opener[others] == agent[others]))

    assert share(0.0) == 0.0
    assert share(1.0) > 0.7


def test_complaints_count_for_ninety_days():
    """A complaint on the first of June is seen in July to August, and no more in October; a question never."""
    made = world(2000, 1)
    tickets = replace(
        made.tickets,
        line=np.array([3, 4], dtype=np.int32),
        kind=np.array([COMPLAINT, 2], dtype=np.int8),
        opened=np.array(["2025-06-02", "2025-06-02"], dtype="datetime64[D]"),
    )
    months = np.array(["2025-06-01", "2025-07-01", "2025-08-01", "2025-10-01"], dtype="datetime64[D]")
    found = complained_before(tickets, 6, months)
    assert found[3].tolist() == [False, True, True, False]
    assert found.sum() == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_leaving_takes_one_and_a_half_to_two_per_cent_a_month_for_visible_reasons(seed):
    """Assumed target 1.5-2 %; complaints, overage and fading come before leaving; the stories' homes stay."""
    made = world(20000, seed)
    lines, months = made.contracts.lines, months_before(PARAMS.now)
    lived = (lines.started[:, None] < months) & (
        np.isnat(lines.ended)[:, None] | (lines.ended[:, None] >= months)
    )
    left = (~np.isnat(lines.ended)).sum()
    assert 0.013 < left / lived.sum() < 0.021
    assert (lines.ended[~lines.living] < TODAY).all()
    assert not (lines.segment[~lines.living] > 0).any()
    place = np.searchsorted(months, lines.ended[~lines.living], side="right") - 1
    month = np.full(len(lines), -1)
    month[~lines.living] = place
    complained = complained_before(made.tickets, len(lines), months)
    leaves = month[:, None] == np.arange(12)
    assert leaves[lived & complained].mean() > 2.0 * leaves[lived & ~complained].mean()
    faded = made.use.fades_from[:, None] < np.arange(12)
    assert leaves[lived & faded].mean() > 2.5 * leaves[lived & ~faded].mean()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plain_model_foresees_leaving_in_part(seed):
    """The log-odds of what was visible before a month rank that month's leavers with an AUC of about 0.75."""
    made = world(20000, seed)
    lines, months = made.contracts.lines, months_before(PARAMS.now)
    as_of = months[-3]
    alive = (lines.started < as_of) & (np.isnat(lines.ended) | (lines.ended >= as_of)) & (lines.segment == 0)
    until, parts = lines.commitment_until, PARAMS.leaving
    score = (
        parts.overage * np.minimum(made.use.overage_cents[:, 6:9].mean(axis=1) / 500, 2)
        + parts.complaint * complained_before(made.tickets, len(lines), months)[:, -3]
        + parts.commitment_over * (until < as_of)
        + parts.in_commitment * (until >= as_of)
        + parts.first_year * (as_of - lines.started < np.timedelta64(365, "D"))
        + parts.fading * (made.use.fades_from < 9)
        + parts.prepaid * (lines.kind == PREPAID)
        - 0.6 * ~lines.mobile
    )[alive]
    left = ~np.isnat(lines.ended[alive])
    rank = np.argsort(np.argsort(score + 1e-9 * np.arange(len(score))))
    wins = rank[left].sum() - left.sum() * (left.sum() - 1) / 2
    assert 0.68 < wins / (left.sum() * (~left).sum()) < 0.80


@pytest.mark.parametrize("seed", SEEDS)
def test_prepaid_lines_are_silent_before_they_end(seed):
    """The last sign of life is two to eight weeks before the end, and the reason says so; others end at once."""
    lines = world(5000, seed).contracts.lines
    last = last_sign(lines, PARAMS)
    silent = lines.reason == SILENT
    assert silent.any()
    assert (lines.kind[silent] == PREPAID).all()
    assert (lines.reason[(lines.kind == PREPAID) & ~lines.living] == SILENT).all()
    gap = (lines.ended - last).astype(int)[silent]
    assert (gap <= PARAMS.leaving.quiet_days_max).all()
    assert np.mean(gap >= 14) > 0.95
    others = ~lines.living & ~silent
    assert (last[others] == lines.ended[others]).all()
    assert (last[lines.living] == TODAY).all()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_share_of_traffic_consent_is_met_to_the_person(seed, share):
    """Of all who were asked; location only with traffic; a traveller of the stories is among the first."""
    made = world(2000, seed)
    params = PARAMS.with_consent(share)
    found = consent(made.population, made.parties, made.segments, params, Chance(seed).stream("consents"))
    assert found.traffic.sum() == round(share * found.asked.sum())
    assert not (found.location & ~found.traffic).any()
    assert not (found.traffic & ~found.asked).any()
    focus = made.segments.focus[made.segments.of_home == TRAVELLER]
    assert share == 0.0 or found.traffic[focus].all()


@pytest.mark.parametrize("seed", SEEDS)
def test_consents_are_the_parameters_and_the_stories(seed):
    """Nobody of a story's home objects, its focus allows every channel; minors and strangers are not asked."""
    made = world(5000, seed)
    found, population = made.consents, made.population
    assert not (found.asked & ~population.adult).any()
    assert found.asked.sum() > 3000
    calm = made.segments.of_home[population.home] > 0
    focus = made.segments.focus[made.segments.focus >= 0]
    assert found.marketing[focus].all()
    assert found.marketing.shape[1] == len(CHANNELS)
    assert not found.objects[calm].any()
    assert not (found.objects & found.marketing.any(axis=1)).any()
    free = found.asked & ~calm
    assert abs(found.marketing[free].all(axis=1).mean() - PARAMS.consent.marketing) < 0.04
    assert abs(found.objects[free].mean() - PARAMS.consent.objection) < 0.015


@pytest.mark.parametrize("seed", SEEDS)
def test_visits_show_what_the_stories_need(seed):
    """A renewer saw phones at least twice within 12 days, a misfit's payer plans; evenings are busier than nights."""
    made = world(5000, seed)
    touches, segments = made.touches, made.segments
    lately = touches.visit_at >= np.datetime64(TODAY - 12, "s")
    for segment, page, least in ((RENEWER, "devices", 3), (MISFIT, "plans", 1)):
        seen = np.bincount(
            touches.visit_person[lately & (touches.visit_topic == PAGES.index(page))],
            minlength=made.population.persons,
        )
        assert (seen[segments.focus[segments.of_home == segment]] >= least).all()
    hour = touches.visit_at.astype("datetime64[h]").astype(int) % 24
    assert np.mean((hour >= 19) & (hour < 22)) > 5 * np.mean((hour >= 2) & (hour < 5))
    assert (touches.visit_at < np.datetime64(TODAY, "s")).all()
    assert (made.parties.web[touches.visit_person] != "").all()


@pytest.mark.parametrize("seed", SEEDS)
def test_calm_homes_are_left_in_peace_and_order_nothing(seed):
    """No message for 35 days, no order; others are met by the old campaigns as the parameter says."""
    made = world(5000, seed)
    touches, population = made.touches, made.population
    calm = made.segments.of_home[population.home] > 0
    back = (TODAY - touches.contact_at.astype("datetime64[D]")).astype(int)
    assert back[calm[touches.contact_person]].min() >= 35
    assert back.min() <= 3
    assert back.max() <= 59
    assert not calm[touches.order_person].any()
    assert len(touches.order_person) > 20
    per_party = len(touches.contact_person) / (made.parties.crm != "").sum()
    assert abs(per_party - PARAMS.touch.contacts_60d) < 0.06
    lines = made.contracts.lines
    done = touches.order_state == ORDER_STATES.index("done")
    had = touches.order_offer == lines.offer[touches.order_line]
    assert had[done].all(), "what was ordered and brought is what the line has now"
    assert not had[~done].any()
    assert done.any()
    marketing = touches.contact_class == 0
    assert (touches.contact_outcome[~marketing] == 0).all()
    assert 0.008 < np.mean(touches.contact_outcome[marketing] == 1) < 0.03


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_declared_is_mostly_true_and_joint_bands_name_their_adviser(seed):
    """Some users of others' lines, roles, who lives with whom, each with its share of errors but for stories' homes;
    and the grown-up child elsewhere where a party of it is known."""
    made = world(20000, seed)
    touches, population, parties = made.touches, made.population, made.parties
    uses = touches.said_kind == USES_LINE
    lines, touch = made.contracts.lines, PARAMS.touch
    line, said = touches.said_line[uses], touches.said_person[uses]
    calm_home = made.segments.of_home > 0
    calm = calm_home[lines.home[line]]
    true = lines.user[line] == said
    assert true[calm].all()
    assert abs(true[~calm].mean() - (1 - touch.declared_wrong)) < 0.025
    assert population.adult[said[~true]].all()
    assert 0.6 < (population.home[said] == lines.home[line])[~true].mean() < 0.95
    theirs = lines.mobile & lines.living & (lines.user >= 0) & (lines.user != lines.holder)
    theirs = np.flatnonzero(theirs & (parties.crm[np.maximum(lines.user, 0)] != ""))
    noted = np.isin(theirs, line)
    assert noted[calm_home[lines.home[theirs]]].all()
    assert abs(noted[~calm_home[lines.home[theirs]]].mean() - touch.declared_user) < 0.04
    roles = touches.said_role >= 0
    held = made.roles.held[touches.said_person[roles], touches.said_role[roles]]
    assert 0.01 < np.mean(~held) < 0.09
    assert held[calm_home[population.home[touches.said_person[roles]]]].all()
    pair = touches.said_kind == LIVES_WITH
    with_home = population.home[touches.said_person[pair]]
    together = with_home == population.home[touches.said_other[pair]]
    assert 0 < np.mean(~together) < 0.12
    assert together[calm_home[with_home]].all()
    advised = touches.said_kind == ADVISER
    best = parties.best()
    assert (best[touches.said_other[advised]] != "").all()
    assert (best[touches.said_person] != "").all()
    other = population.elsewhere[made.segments.of_home == JOINT_BAND]
    focus = made.segments.focus[made.segments.of_home == JOINT_BAND]
    assert np.isin(focus[best[other] != ""], touches.said_person[advised]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_logins_are_of_living_lines_that_the_account_manages(seed):
    """Each (person, line) is one of the account's, and the line lives."""
    made = world(2000, seed)
    touches, lines = made.touches, made.contracts.lines
    assert len(touches.login_person) > 100
    assert lines.living[touches.login_line].all()
    key = made.parties.manages[:, 0] * len(lines) + made.parties.manages[:, 1]
    assert np.isin(touches.login_person.astype(np.int64) * len(lines) + touches.login_line, key).all()

"""What do they hold, in whose name, on whose bill? Lines, offers, accounts.

Reads people, homes, the truth about roles, and each home's leaning; returns lines and accounts by number.
Payer and holder follow the true controller and representative only mostly. After: roles, segments.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from hogar.twin.bundles import bundle, nearly_over, settle_in
from hogar.twin.chance import between, flip
from hogar.twin.lines import Account, Contracts, Line
from hogar.twin.parameters import Params
from hogar.twin.places import Places
from hogar.twin.population import Home, Person, Population
from hogar.twin.roles import Roles
from hogar.twin.segments import Leaning, Segments, lean
from hogar.twin.tariffs import BY_ID, monthly_cents

PLANS = ("MOB-S", "MOB-M", "MOB-L", "MOB-U")


def sign(
    population: Population,
    places: Places,
    roles: Roles,
    segments: Segments,
    params: Params,
    rng: np.random.Generator,
) -> Contracts:
    """Lines and accounts of all homes, home by home."""
    signing = _Signing(population, places, roles, params, rng)
    for home in population.homes:
        signing.home(home, lean(home, segments, params))
    signing.bill()
    return signing.contracts


class _Signing:
    """The contracts as they are signed; the parents' homes may pay for children elsewhere."""

    def __init__(
        self, population: Population, places: Places, roles: Roles, params: Params, rng: np.random.Generator
    ) -> None:
        self.population, self.places, self.roles = population, places, roles
        self.params, self.rng = params, rng
        self.today = params.now.date()
        self.contracts = Contracts()

    def home(self, home: Home, leaning: Leaning) -> None:
        """All lines of one home."""
        members = [self.population.persons[number] for number in home.members]
        users = [person for person in members if person.onnet]
        adults = [person for person in users if person.adult]
        payer, holder = self._payer_and_holder(home, adults, leaning)
        self.contracts.pays[home.number], self.contracts.holds[home.number] = payer, holder
        fixed = self._fixed(home, leaning, payer, holder)
        shared = flip(self.rng, leaning.one_payer) or leaning.one_payer == 1.0
        mobile = [self._mobile(home, person, leaning, payer, holder, shared) for person in users]
        twice = [p for p in adults if flip(self.rng, 1.0 if p.trader else leaning.second_sim)]
        mobile += [self._second(home, person, leaning) for person in twice]
        postpaid = [line for line in mobile if line.kind == "mobile_postpaid"]
        bundle(fixed, [line for line in postpaid if line.payer == payer], leaning, self.rng)
        for line in (*fixed, *mobile):
            if leaning.segment:
                settle_in(line, self.today, self.rng)
            line.segment = leaning.segment
            line.focus = line.user == leaning.focus and line.kind == "mobile_postpaid"
            if line.focus and leaning.segment == "renewer":
                nearly_over(line, self.today, self.rng)

    def _payer_and_holder(self, home: Home, adults: list[Person], leaning: Leaning) -> tuple[int, int]:
        """Mostly the true controller and the true representative, else another adult customer of the home."""
        draws = self.rng.random(3)
        numbers = [person.number for person in adults]
        if leaning.focus >= 0:
            return leaning.focus, leaning.focus
        found = []
        for true, agrees, draw in (
            (self.roles.controller[home.number], self.params.roles.payer_is_controller, draws[0]),
            (self.roles.representative[home.number], self.params.roles.holder_is_representative, draws[1]),
        ):
            others = [number for number in numbers if number != true]
            if true in numbers and (draw < agrees or not others):
                found.append(true)
            else:
                found.append(others[int(draws[2] * len(others))])
        return found[0], found[1]

    def _fixed(self, home: Home, leaning: Leaning, payer: int, holder: int) -> list[Line]:
        """Broadband, TV, fixed voice: used by the home's holder, as far as anybody can say."""
        draws = self.rng.random(5)
        if draws[0] >= leaning.broadband:
            return []
        fibre = self.places.fibre[self.places.of_home[home.number].postcode] and draws[1] >= leaning.adsl_kept
        offer = "ADSL-20" if not fibre else "FIB-1000" if draws[2] < 0.3 else "FIB-300"
        lines = [self._line("broadband", home, holder, holder, payer, (offer,), self._started())]
        if fibre and draws[3] < leaning.tv:
            wish = "TV-CINE" if self.rng.random() < 0.3 else "TV-BASIC"
            lines.append(self._line("tv", home, holder, holder, payer, (wish,), self._started()))
        if draws[4] < leaning.fixed_voice:
            lines.append(self._line("fixed_voice", home, holder, holder, payer, ("FIXED",), self._started()))
        return lines

    def _mobile(
        self, home: Home, person: Person, leaning: Leaning, payer: int, holder: int, shared: bool
    ) -> Line:
        draws = self.rng.random(4)
        use = self.params.use
        gb = use.data_gb[person.stage] * float(np.exp(self.rng.normal(0, use.data_sigma)))
        is_focus = person.number == leaning.focus
        partner = leaning.partner_prepaid and not is_focus and person.adult
        if partner or (not is_focus and draws[0] < leaning.prepaid[person.stage]):
            return self._prepaid(home, person, payer, gb, partner)
        if leaning.segment == "joint_band" and is_focus:
            gb = min(max(gb, 3.5), 6.5)
        if not person.adult:
            other = self.population.elsewhere.get(home.number, -1)
            apart = home.kind == "separated" and other >= 0 and other in (person.father, person.mother)
            if apart and draws[1] < self.params.contracts.other_parent_pays:
                holder = payer = other
        elif not (shared or is_focus) or (leaning.focus >= 0 and leaning.one_payer == 0.0):
            holder = payer = person.number
        plan = self._plan(gb, leaning)
        line = self._line(
            "mobile_postpaid", home, person.number, holder, payer, (plan,), self._started(person)
        )
        line.gb = gb
        return line

    def _plan(self, gb: float, leaning: Leaning) -> str:
        """The plan that the use asks for, or one that it does not."""
        if flip(self.rng, leaning.misfit):
            return PLANS[int(self.rng.random() * 3)]
        return "MOB-S" if gb < 2.3 else "MOB-M" if gb < 8 else "MOB-L" if gb < 34 else "MOB-U"

    def _prepaid(self, home: Home, person: Person, payer: int, gb: float, partner: bool) -> Line:
        """A prepaid SIM: registered to its user, mostly; topped up by its user, or by who pays at home."""
        parts, draws = self.params.contracts, self.rng.random(4)
        adults = [n for n in home.members if self.population.persons[n].adult and n != person.number]
        holder = person.number
        if not partner and adults and (draws[0] < parts.prepaid_registered_to_another or not person.adult):
            holder = adults[int(draws[1] * len(adults))]
        elif not partner and draws[0] > 1 - parts.prepaid_registered_outside:
            stranger = self.population.persons[int(draws[1] * len(self.population.persons))]
            holder = stranger.number if stranger.adult else person.number
        line = self._line(
            "mobile_prepaid", home, person.number, holder, -1, ("PRE-B",), self._started(person)
        )
        line.commitment_until = None
        line.gb = min(gb, 3.0)
        line.top_up_eur = 15.0 if partner else float(np.clip(self.rng.gamma(4.0, 3.2), 4, 45))
        by_payer = partner or not person.adult or (person.partner >= 0 and draws[2] < 0.3)
        line.tops_up = payer if by_payer else person.number
        return line

    def _second(self, home: Home, person: Person, leaning: Leaning) -> Line:
        """A second SIM; a sole trader's is held by the business."""
        gb = self.params.use.data_gb[person.stage] * 0.5 * float(np.exp(self.rng.normal(0, 0.6)))
        plan = "MOB-M" if person.trader else self._plan(gb, leaning)
        number = person.number
        line = self._line("mobile_postpaid", home, number, number, number, (plan,), self._started(person))
        line.gb, line.by_business = gb, person.trader
        return line

    def _started(self, person: Person | None = None) -> date:
        months = min(float(self.rng.exponential(self.params.contracts.tenure_months)), 240.0) + 0.3
        started = self.today - timedelta(days=int(months * 30.44))
        if person is not None:
            earliest = person.birth + timedelta(days=int(365.25 * self.params.onnet.sim_from_age))
            started = max(started, min(earliest, self.today - timedelta(days=10)))
        return started

    def _line(
        self,
        kind: str,
        home: Home,
        user: int,
        holder: int,
        payer: int,
        offers: tuple[str, ...],
        started: date,
    ) -> Line:
        """A line, with a commitment that runs, has run out, or never was."""
        line = Line(len(self.contracts.lines), kind, home.number, user, holder, payer)
        line.offers, line.started, line.plan_since = offers, started, started
        offer = BY_ID[offers[0]]
        line.fee, line.allowed_gb = monthly_cents(offers[0]), offer.data_gb if "mobile" in kind else None
        draws = self.rng.random(3)
        if draws[0] < self.params.contracts.in_commitment:
            line.commitment_until = self.today + timedelta(days=int(1 + draws[1] * 700))
        elif draws[0] < 0.9:
            line.commitment_until = self.today - timedelta(days=int(1 + draws[1] * 500))
        if line.commitment_until is not None:  # of 12 or 24 months, so signed after the start
            signed = line.commitment_until - timedelta(days=730 if draws[1] > 0.4 else 365)
            if signed < started:
                line.commitment_until = started + timedelta(days=730 if draws[2] < 0.6 else 365)
            else:
                line.plan_since = min(signed, self.today)
        self.contracts.lines.append(line)
        return line

    def bill(self) -> None:
        """One account a payer (a business has its own); some couples pay from one bank account."""
        of_payer: dict[tuple[int, bool], Account] = {}
        couple_shares: dict[int, bool] = {}
        opened: dict[tuple[int, bool], date] = {}
        for line in self.contracts.lines:
            key = (line.payer, line.by_business)
            opened[key] = min(opened.get(key, line.started), line.started)
        for line in self.contracts.lines:
            if line.payer < 0:
                continue
            key = (line.payer, line.by_business)
            if key not in of_payer:
                payer = self.population.persons[line.payer]
                couple = min(payer.number, payer.partner) if payer.partner >= 0 else payer.number
                if couple not in couple_shares:
                    couple_shares[couple] = flip(self.rng, self.params.contracts.shared_bank_account)
                bank = couple if couple_shares[couple] and not line.by_business else payer.number
                since = opened[key] - timedelta(days=between(self.rng, 0, 3))
                of_payer[key] = Account(len(of_payer), line.payer, bank, since)
            line.account = of_payer[key].number
        self.contracts.accounts = list(of_payer.values())

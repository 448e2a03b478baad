"""Does a market of any seed hold homes of each story's kind? Asked of the mapped silos, by preconditions only."""

from __future__ import annotations

import pytest

MARKETS = [(300, seed) for seed in range(1, 6)] + [(2000, seed) for seed in range(1, 6)]

# A user who holds the line, allows traffic data and marketing by SMS, was abroad lately; an arrival this morning.
TRAVELLERS = """
select count(distinct l.line_id)
from line l
join truth_lines u using (line_id)
join truth_membership h on h.party_id = l.holder_party_id and h.person_id = u.person_id
where l.ended_on is null
  and exists (from consent c where c.party_id = l.holder_party_id and c.purpose = 'traffic' and c.granted)
  and exists (from consent c where c.party_id = l.holder_party_id and c.purpose = 'marketing' and c.channel = 'sms'
              and c.granted)
  and not exists (from consent c where c.party_id = l.holder_party_id and c.purpose = 'profiling' and not c.granted)
  and exists (from usage_day d where d.line_id = l.line_id and d.roaming_mb > 0)
  and list_contains($arrived, l.line_id)
"""

# One payer of three or more mobile lines of one home: one leaves its allowance unused, another pays overage.
MISFITS = """
with recent as (
    select b.*, a.payer_party_id,
           avg(data_gb_used / data_gb_allowed) over by_line as share, min(overage_cents) over by_line as overage
    from bill b join account a using (account_id) join line l using (line_id), clock
    where l.kind = 'mobile_postpaid' and l.ended_on is null and month >= now::date - interval 4 month
    window by_line as (partition by line_id)
)
select count(*) from (
    select payer_party_id
    from recent
    group by all
    having count(distinct line_id) >= 3
       and count(distinct line_id) filter (where share < 0.2) >= 1
       and count(distinct line_id) filter (where overage > 0) >= 1
)
"""

# An old phone, a commitment that ends within 60 days, two visits to the phone pages within 14 days by its user.
RENEWERS = """
select count(distinct l.line_id)
from line l
join truth_lines u using (line_id)
join truth_membership h on h.party_id = l.holder_party_id and h.person_id = u.person_id
join account a on a.account_id = l.account_id and a.payer_party_id = l.holder_party_id, clock
where l.ended_on is null
  and l.commitment_until between now::date and now::date + 60
  and (select min(d.first_seen) from device_use d where d.line_id = l.line_id and d.last_seen >= now::date)
      <= now::date - interval 30 month
  and 2 <= (select count(*) from web_event w join truth_membership m using (party_id)
            where m.person_id = u.person_id and w.topic = 'devices' and w.at >= now - interval 14 day)
  and exists (from consent c where c.party_id = l.holder_party_id and c.purpose = 'marketing'
              and c.channel in ('sms', 'email') and c.granted)
"""

# Two adults; one holds and pays ADSL and one mobile line, the other's prepaid line is topped up by the first; no TV,
# fibre can be had; a person of another home is the adviser; only both spends together reach the home plan's price.
JOINT_BAND = """
with owner as (select l.*, m.household_id, m.person_id
               from line l join truth_membership m on m.party_id = l.holder_party_id where l.ended_on is null),
spend as (
    select household_id, sum(cents) filter (where billed) / 3.0 as billed, sum(cents) / 3.0 as joint
    from (
        select o.household_id, b.fee_cents + b.overage_cents as cents, true as billed
        from bill b join owner o using (line_id), clock where b.month >= date_trunc('month', now) - interval 3 month
        union all
        select o.household_id, t.amount_cents, false
        from top_up t join owner o using (line_id), clock
        where t.at >= date_trunc('month', now) - interval 3 month
    )
    group by all
)
select count(*) from (
    select o.household_id
    from owner o join spend s using (household_id)
    left join account a using (account_id)
    group by o.household_id, s.billed, s.joint
    having count(distinct o.person_id) = 2
       and list_sort(list(o.kind)) = ['broadband', 'mobile_postpaid', 'mobile_prepaid']
       and count(distinct a.payer_party_id) = 1
       and s.billed * 1.15 < 6900 and s.joint * 1.15 >= 6900 and s.joint < 6900
       and bool_or(exists (from line_offer f where f.line_id = o.line_id and f.offer_id = 'ADSL-20'))
       and bool_or(exists (from declaration d join truth_membership x on x.party_id = d.other_party_id
                           where d.kind = 'adviser' and d.party_id = o.holder_party_id
                             and x.household_id <> o.household_id))
       and bool_or(exists (from address p join serviceability v using (postcode)
                           where p.party_id = o.holder_party_id and v.technology = 'fibre' and v.available))
)
"""


@pytest.mark.parametrize(("persons", "seed"), MARKETS)
def test_each_segment_holds_at_least_three_homes(market, mapped, persons, seed):
    """At 300 and at 2,000 persons, whatever the seed; in bigger markets about two in a hundred homes."""
    made = market(persons, seed)
    con = mapped(made)
    today = made.now[:10]
    arrived = [
        e.subject for e in made.events if e.type.endswith("roaming.v1.arrived") and e.time.startswith(today)
    ]
    found = {
        "travellers": con.execute(TRAVELLERS, {"arrived": arrived}).fetchone()[0],
        "misfits": con.execute(MISFITS).fetchone()[0],
        "renewers": con.execute(RENEWERS).fetchone()[0],
        "joint band": con.execute(JOINT_BAND).fetchone()[0],
    }
    wanted = max(3, 0.015 * made.truth["households"].num_rows)
    assert min(found.values()) >= wanted, found

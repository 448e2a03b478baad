-- purpose: a couple with plain ADSL, one mobile line and a prepaid line that he tops up, advised by a child elsewhere
select h.id as household_id, payer.person_id, null as line_id, o.monthly_cents / 100 as plan_eur,
    h.spend_band_eur, own.spend_eur as own_spend_eur
from feature_household h
join (
    select m.household_id, p.person_id
    from line l join account a using (account_id) join party_person p on p.party_id = a.payer_party_id
    join membership m using (person_id)
    where l.kind = 'broadband' and (l.ended_on is null or l.ended_on > $now::date)
) payer on payer.household_id = h.id
join allowed a on a.person_id = payer.person_id and (a.sms or a.email) and a.rested
join adviser v on v.person_id = payer.person_id
join membership elsewhere on elsewhere.person_id = v.adviser_person_id and elsewhere.household_id <> h.id
join feature_offer o on o.scope = 'household' and o.id = h.id and o.offer_id = 'HOGAR-2'
join (
    select p.person_id, sum(b.fee_cents + b.overage_cents) / 100 / count(distinct b.month) as spend_eur
    from bill b join account c using (account_id) join party_person p on p.party_id = c.payer_party_id
    where b.month >= $now::date - interval 4 months
    group by all
) own on own.person_id = payer.person_id
where h.adults = 2 and h.members = 2 and h.payers = 1
    and h.technology = 'adsl' and h.mobile_lines = 2 and h.prepaid_lines = 1 and not h.has_tv
    and h.fibre_available and h.open_complaints = 0
    and not o.owned and not o.ordered
    and h.spend_eur - coalesce(o.current_cents, 0) / 100 + coalesce(o.cost_cents, o.monthly_cents) / 100 <= h.spend_band_eur
    and own.spend_eur * 1.15 < o.monthly_cents / 100
order by household_id, payer.person_id

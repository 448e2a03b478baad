-- purpose: a line with an old phone and a commitment nearly over, whose user looked at phones on our own pages
select m.household_id, u.person_id, l.line_id
from line l
join feature_line f on f.id = l.line_id
join line_user u using (line_id)
join party_person holder on holder.party_id = l.holder_party_id and holder.person_id = u.person_id
join allowed m on m.person_id = u.person_id and (m.sms or m.email) and m.rested
join feature_person p on p.id = u.person_id
join feature_household h on h.id = m.household_id
join feature_offer o on o.scope = 'line' and o.id = l.line_id and o.offer_id = 'DEV-PHONE-A'
where f.commitment_days_left between 0 and 60 and f.device_age_months >= 30 and not f.prepaid
    and p.device_views_14d >= 2 and h.open_complaints = 0
    and not o.owned and not o.ordered
    and h.spend_eur - coalesce(o.current_cents, 0) / 100 + coalesce(o.cost_cents, o.monthly_cents) / 100 <= h.spend_band_eur
order by m.household_id, l.line_id

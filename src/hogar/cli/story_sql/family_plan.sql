-- purpose: somebody who pays all mobile lines of a home, three or more, of which some overflow and others lie idle
with payer as (
    select m.household_id, p.person_id, count(*) as lines
    from line l
    join account a using (account_id)
    join party_person p on p.party_id = a.payer_party_id
    join line_user u using (line_id)
    join membership m on m.person_id = u.person_id
    where l.kind = 'mobile_postpaid' and (l.ended_on is null or l.ended_on > $now::date)
    group by all
)
select h.id as household_id, payer.person_id, null as line_id, h.mobile_lines
from feature_household h
join payer on payer.household_id = h.id and payer.lines >= 3
join allowed a on a.person_id = payer.person_id and a.household_id = h.id
join feature_offer o on o.scope = 'household' and o.id = h.id and o.offer_id = if(h.mobile_lines >= 4, 'FAM-4', 'FAM-3')
where h.payers = 1 and h.mobile_lines = payer.lines
    and h.unused_lines >= 1 and h.overflow_lines >= 1
    and h.open_complaints = 0 and not o.owned and not o.ordered
    and o.cost_cents < o.current_cents
order by household_id, payer.person_id

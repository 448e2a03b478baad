-- purpose: a line whose user allows traffic data and text messages, and has been abroad before
select m.household_id, u.person_id, l.line_id, f.trip_days_usual
from line l
join line_user u using (line_id)
join allowed m on m.person_id = u.person_id and m.sms and m.rested
join feature_person f on f.id = u.person_id
join feature_household h on h.id = m.household_id
join feature_offer o on o.scope = 'line' and o.id = l.line_id
    and o.offer_id = case when f.trip_days_usual <= 7 then 'ROAM-2GB-7' when f.trip_days_usual <= 14 then 'ROAM-2GB-14' else 'ROAM-2GB-30' end
where l.kind like 'mobile%' and (l.ended_on is null or l.ended_on > $now::date)
    and f.traffic_consent and f.trip_days_usual between 1 and 30 and f.roaming_mb_day > 0
    and h.open_complaints = 0
    and o.current_cents > o.cost_cents
    and not o.owned and not o.ordered
order by m.household_id, l.line_id

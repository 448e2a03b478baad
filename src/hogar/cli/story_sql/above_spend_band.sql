-- purpose: every offer that would take a household above what it usually spends
select o.scope, o.id, o.offer_id
from feature_offer o
left join line_user u on o.scope = 'line' and u.line_id = o.id
left join membership m on m.person_id = case o.scope when 'person' then o.id else u.person_id end
join feature_household h on h.id = case o.scope when 'household' then o.id else m.household_id end
where h.spend_eur - coalesce(o.current_cents, 0) / 100 + coalesce(o.cost_cents, o.monthly_cents) / 100 > h.spend_band_eur
order by all

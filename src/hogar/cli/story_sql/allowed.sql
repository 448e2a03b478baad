-- purpose: who may be spoken to about offers: adults who object to nothing, by which channel, and who was left in peace lately
create or replace temp table allowed as
with latest as (
    select distinct on (party_id, purpose, channel) party_id, purpose, channel, granted
    from consent
    order by party_id, purpose, channel, "at" desc, granted
),
of_person as (
    select p.person_id, l.purpose, l.channel, bool_and(l.granted) as granted
    from latest l join party_person p using (party_id)
    group by all
),
contacted as (
    select m.household_id, count(*) as contacts_30d, count(*) filter (c."at" > $now::timestamp - interval 7 days) as contacts_7d
    from contact c join party_person p using (party_id) join membership m using (person_id)
    where c."at" > $now::timestamp - interval 30 days
    group by all
)
select
    m.person_id,
    m.household_id,
    coalesce(sms.granted or everything.granted, false) and coalesce(sms.granted, true) and coalesce(everything.granted, true) as sms,
    coalesce(email.granted or everything.granted, false) and coalesce(email.granted, true) and coalesce(everything.granted, true) as email,
    coalesce(contacts_7d, 0) = 0 and coalesce(contacts_30d, 0) <= 3 as rested
from membership m
left join contacted using (household_id)
join feature_person f on f.id = m.person_id and f.age >= 18
left join of_person sms on sms.person_id = m.person_id and sms.purpose = 'marketing' and sms.channel = 'sms'
left join of_person email on email.person_id = m.person_id and email.purpose = 'marketing' and email.channel = 'email'
left join of_person everything on everything.person_id = m.person_id and everything.purpose = 'marketing' and everything.channel = 'any'
where m.probability >= 0.9
    and not exists (from of_person o where o.person_id = m.person_id and o.purpose = 'profiling' and not o.granted)

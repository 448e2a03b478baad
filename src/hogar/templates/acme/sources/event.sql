-- What happened, as our event bus would have told it: the live counters of features/live look back on these. An id and
-- a source are the bus's own, so that what comes over the bus too is counted once.
select
    '/web' as source,
    visit_id as event_id,
    'com.acme.web.v1.visited' as type,
    ts as at,
    null as line_id,
    'web:' || user_id as party_id,
    json_object('topic', page)::varchar as data,
    null as consent,
    _file, _row
from web_visits
union all by name
-- days abroad: what a line used there, known when the day is over; traffic data
select
    '/usage' as source,
    linea || ':' || dia as event_id,
    'com.acme.usage.v1.day_abroad' as type,
    (try_cast(dia as date) + interval 12 hour)::varchar as at,
    case left(linea, 1) when 'S' then 'prepaid:' else 'crm:' end || linea as line_id,
    json_object('mb', try_cast(mb_roaming as double), 'country', pais)::varchar as data,
    'traffic' as consent,
    _file, _row
from usage_daily
where try_cast(mb_roaming as double) > 0

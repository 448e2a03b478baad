-- Which of our own pages did a logged-in visitor read?
select
    'web:' || visit_id as web_event_id,
    'web:' || user_id as party_id,
    ts as at,
    page as topic,
    _file, _row
from web_visits

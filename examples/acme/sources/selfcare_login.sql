-- Which lines does a self-care account manage?
select
    'web:' || user_id as party_id,
    case left(line_no, 1) when 'S' then 'prepaid:' else 'crm:' end || line_no as line_id,
    logins_last_90d as logins_90d,
    _file, _row
from web_logins

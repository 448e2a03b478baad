-- What did the campaign system of old send, and what came back?
select
    'campaign:' || contact_id as contact_id,
    case left(customer, 1) when 'C' then 'crm:' when 'P' then 'prepaid:' else 'web:' end || customer as party_id,
    channel,
    class as message_class,
    sent_at as at,
    campaign,
    result as outcome,
    _file, _row
from campaign_contacts

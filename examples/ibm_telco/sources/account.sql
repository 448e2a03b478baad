-- Who pays? Everybody his own bill: one account a record.
select
    'crm:' || customerID as account_id,
    'crm:' || customerID as payer_party_id,
    coalesce((date '2026-03-01' - to_months(try_cast(tenure as integer)))::date::text, tenure) as opened_on,
    _file, _row
from customers

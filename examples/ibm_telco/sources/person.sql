-- Who is known? One person a record. The file has no name, no birthday and no address, and none is made up.
-- SeniorCitizen, Partner and Dependents have no place in the canonical tables: nothing is decided by them.
select
    'crm:' || customerID as party_id,
    'person' as kind,
    case gender when 'Female' then 'f' when 'Male' then 'm' else gender end as sex,
    'en' as language,                                                                   -- assumed
    coalesce((date '2026-03-01' - to_months(try_cast(tenure as integer)))::date::text, tenure) as customer_since,
    _file, _row
from customers

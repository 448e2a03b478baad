-- Which lines are there? A phone line and an internet line, where the record has the service.
--
-- `Churn` says who left within the month. The nineteen columns before it are taken to describe the first day of that
-- month, as everybody does who learns from this file: so who churns has a last day on which the line will end, and
-- lives today. No feature can see it, because what ends later has not ended yet; the model's target can.
with customer as (
    select
        customerID,
        PhoneService,
        InternetService,
        coalesce((date '2026-03-01' - to_months(try_cast(tenure as integer)))::date::text, tenure) as started_on,
        case Churn when 'Yes' then '2026-03-31' when 'No' then null else Churn end as ended_on,
        _file, _row
    from customers
)
select
    'crm:' || customerID || ':phone' as line_id,
    case PhoneService when 'Yes' then 'fixed_voice' else PhoneService end as kind,
    'crm:' || customerID as holder_party_id,
    'crm:' || customerID as account_id,
    started_on,
    ended_on,
    _file, _row
from customer
where PhoneService is distinct from 'No'

union all

select
    'crm:' || customerID || ':internet',
    case when InternetService in ('DSL', 'Fiber optic') then 'broadband' else InternetService end,
    'crm:' || customerID,
    'crm:' || customerID,
    started_on,
    ended_on,
    _file, _row
from customer
where InternetService is distinct from 'No'

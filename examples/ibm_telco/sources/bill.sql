-- What was billed in the last whole month? One amount a customer: it stands on the internet line where there is one.
-- Who came this month (tenure 0: 11 records, their TotalCharges are blank) has not had a bill yet. TotalCharges is left
-- out: it is a sum over months that the file does not show.
select
    'crm:' || customerID || ':2026-02' as bill_id,
    'crm:' || customerID as account_id,
    'crm:' || customerID || case InternetService when 'No' then ':phone' else ':internet' end as line_id,
    date '2026-02-01' as month,
    coalesce(cast(round(try_cast(MonthlyCharges as decimal(12, 2)) * 100) as bigint)::text, MonthlyCharges) as fee_cents,
    0 as overage_cents,
    _file, _row
from customers
where tenure is distinct from '0'

-- What does an offer earn in a month?
select
    product_code as offer_id,
    coalesce(cast(round(try_cast(margin_month_eur as decimal(12, 2)) * 100) as bigint)::text, margin_month_eur)
        as monthly_cents,
    _file, _row
from finance_margins

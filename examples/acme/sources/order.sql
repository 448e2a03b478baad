-- What has been asked for and may be under way? Lines of the SIM registry begin with S.
select
    order_no as order_id,
    case left(customer, 1) when 'C' then 'crm:' when 'P' then 'prepaid:' else 'web:' end || customer as party_id,
    case left(line_no, 1) when 'S' then 'prepaid:' else 'crm:' end || line_no as line_id,
    product_code as offer_id,
    lower(status) as state,
    created as ordered_at,
    _file, _row
from orders_orders

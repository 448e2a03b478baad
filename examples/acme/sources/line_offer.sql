-- Which offers does a line hold, and which did it hold?
select 'crm:' || linea as line_id, producto as offer_id, desde as since, hasta as until, _file, _row
from crm_line_products

union all

select
    'prepaid:' || sim,
    tarifa,
    coalesce(try_strptime(activada, '%d/%m/%Y')::date::text, activada),
    coalesce(try_strptime(desactivada, '%d/%m/%Y')::date::text, desactivada),
    _file, _row
from prepaid_sims

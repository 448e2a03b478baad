-- What is sold? The product catalogue.
select
    codigo as offer_id,
    nombre as name,
    familia as kind,
    case en_venta when 'S' then 'true' when 'N' then 'false' else en_venta end as on_sale,
    lineas_moviles as mobile_lines,
    tecnologia as technology,
    case con_tv when 'S' then 'true' when 'N' then 'false' else con_tv end as tv,
    gb as data_gb,
    vigencia_dias as validity_days,
    case prepago when 'S' then 'true' when 'N' then 'false' else prepago end as prepaid,
    _file, _row
from product_offers

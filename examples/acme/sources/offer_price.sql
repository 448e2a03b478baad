-- What does it cost? Euros become cents.
select
    codigo as offer_id,
    tipo_precio as kind,
    coalesce(cast(round(try_cast(importe_eur as decimal(12, 2)) * 100) as bigint)::text, importe_eur) as amount_cents,
    _file, _row
from product_prices

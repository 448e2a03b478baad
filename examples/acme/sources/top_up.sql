-- Who fills whose prepaid balance? Cash leaves neither a payer nor a card.
select
    'topup:' || id_recarga as top_up_id,
    'prepaid:' || sim as line_id,
    fecha_hora as at,
    coalesce(cast(round(try_cast(importe_eur as decimal(12, 2)) * 100) as bigint)::text, importe_eur) as amount_cents,
    case left(pagador, 1) when 'C' then 'crm:' when 'P' then 'prepaid:' else 'web:' end || pagador as payer_party_id,
    token_tarjeta as payment_token,
    _file, _row
from topup_recargas

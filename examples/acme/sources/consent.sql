-- What did they allow, what did they refuse? The desk's codes become purposes and channels.
select
    case left(cliente, 1) when 'C' then 'crm:' when 'P' then 'prepaid:' else 'web:' end || cliente as party_id,
    case finalidad
        when 'COMERCIAL' then 'marketing'
        when 'PERFILADO' then 'profiling'
        when 'TRAFICO' then 'traffic'
        when 'UBICACION' then 'location'
        else finalidad
    end as purpose,
    case canal
        when 'TODOS' then 'any'
        when 'CARTA' then 'mail'
        when 'LLAMADA' then 'call'
        when 'CENTRO' then 'call_centre'
        when 'TIENDA' then 'shop'
        else lower(canal)
    end as channel,
    case valor when 'S' then 'true' when 'N' then 'false' else valor end as granted,
    fecha as at,
    _file, _row
from privacy_consents

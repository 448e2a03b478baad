-- What do they complain of, what is broken, what do they ask?
select
    'care:' || ticket as ticket_id,
    case left(cliente, 1) when 'C' then 'crm:' when 'P' then 'prepaid:' else 'web:' end || cliente as party_id,
    case left(linea, 1) when 'S' then 'prepaid:' else 'crm:' end || linea as line_id,
    case tipo when 'RECLAMACION' then 'complaint' when 'AVERIA' then 'fault' when 'CONSULTA' then 'question' else tipo end
        as kind,
    tema as topic,
    apertura as opened_at,
    cierre as closed_at,
    _file, _row
from care_tickets

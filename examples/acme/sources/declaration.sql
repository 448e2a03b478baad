-- What did people tell us of their homes and roles, and what did agents note?
select
    'crm:' || id_nota as declaration_id,
    case left(id_cliente, 1) when 'C' then 'crm:' when 'P' then 'prepaid:' else 'web:' end || id_cliente as party_id,
    que as kind,
    rol as role,
    case left(otro, 1) when 'C' then 'crm:' when 'P' then 'prepaid:' else 'web:' end || otro as other_party_id,
    case left(linea, 1) when 'S' then 'prepaid:' else 'crm:' end || linea as line_id,
    fecha as at,
    _file, _row
from crm_declarations

-- Which lines are there, and in whose name? Contracts from CRM, prepaid SIMs from the registry.
select
    'crm:' || linea as line_id,
    case servicio
        when 'MOVIL' then 'mobile_postpaid'
        when 'BAF' then 'broadband'
        when 'FIJO' then 'fixed_voice'
        when 'TV' then 'tv'
        else servicio
    end as kind,
    'crm:' || titular as holder_party_id,
    'billing:' || cuenta as account_id,
    f_alta as started_on,
    f_baja as ended_on,
    case motivo_baja when 'PORTABILIDAD' then 'port_out' when 'BAJA VOLUNTARIA' then 'cancelled' else motivo_baja end
        as end_reason,
    permanencia_hasta as commitment_until,
    _file, _row
from crm_lines

union all

select
    'prepaid:' || sim,
    'mobile_prepaid',
    'prepaid:' || titular_registro,
    null,
    coalesce(try_strptime(activada, '%d/%m/%Y')::date::text, activada),
    coalesce(try_strptime(desactivada, '%d/%m/%Y')::date::text, desactivada),
    case motivo when 'INACTIVIDAD' then 'silent' else motivo end,
    null,
    _file, _row
from prepaid_sims

-- Who talks with whom? Traffic data: consent at both ends. Numbers of other operators are hashes that begin with X.
with named as (
    select
        case left(linea_a, 1) when 'S' then 'prepaid:' when 'X' then 'off:' else 'crm:' end || linea_a as one,
        case left(linea_b, 1) when 'S' then 'prepaid:' when 'X' then 'off:' else 'crm:' end || linea_b as other,
        mes, llamadas, minutos, parte_tarde, sms, llamadas_de_a, _file, _row
    from usage_ties
)
select
    least(one, other) as line_id,
    greatest(one, other) as other_line_id,
    mes as month,
    llamadas as calls,
    minutos as minutes,
    parte_tarde as evening_share,
    sms as texts,
    -- the smaller id comes first: who began is turned with it
    case when one <= other then llamadas_de_a
         else coalesce((try_cast(llamadas as bigint) - try_cast(llamadas_de_a as bigint))::text, llamadas_de_a) end
        as calls_from_line,
    _file, _row
from named

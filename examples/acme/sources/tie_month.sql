-- Who talks with whom? Traffic data: consent at both ends. Numbers of other operators are hashes that begin with X.
with named as (
    select
        case left(linea_a, 1) when 'S' then 'prepaid:' when 'X' then 'off:' else 'crm:' end || linea_a as one,
        case left(linea_b, 1) when 'S' then 'prepaid:' when 'X' then 'off:' else 'crm:' end || linea_b as other,
        mes, llamadas, minutos, parte_tarde, _file, _row
    from usage_ties
)
select
    least(one, other) as line_id,
    greatest(one, other) as other_line_id,
    mes as month,
    llamadas as calls,
    minutos as minutes,
    parte_tarde as evening_share,
    _file, _row
from named

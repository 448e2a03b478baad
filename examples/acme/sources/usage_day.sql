-- What does a line use in a day? Traffic data: read by nobody without the consent of the line's holder.
select
    case left(linea, 1) when 'S' then 'prepaid:' else 'crm:' end || linea as line_id,
    dia as day,
    mb as data_mb,
    minutos as voice_min,
    mb_roaming as roaming_mb,
    pais as country,
    _file, _row
from usage_daily

-- Where were the SIMs, by cell and class of hours? Location data: read by nobody without the consent of who uses the line.
select
    case left(linea, 1) when 'S' then 'prepaid:' else 'crm:' end || linea as line_id,
    mes as month,
    franja as hour_class,
    celda as place_id,
    dias as days,
    eventos as events,
    _file, _row
from network_cells

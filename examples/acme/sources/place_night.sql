-- In which cell did a SIM spend the night? Location data.
select
    case left(linea, 1) when 'S' then 'prepaid:' else 'crm:' end || linea as line_id,
    dia as day,
    celda as place_id,
    _file, _row
from network_night_cells

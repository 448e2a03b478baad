-- Which phones were the SIMs in? The registry gives a keyed hash of the IMEI.
select
    case left(linea, 1) when 'S' then 'prepaid:' else 'crm:' end || linea as line_id,
    imei_hash as device_id,
    modelo as model,
    primera_vez as first_seen,
    ultima_vez as last_seen,
    lanzamiento as released_on,
    _file, _row
from device_devices

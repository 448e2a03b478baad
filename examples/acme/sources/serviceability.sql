-- What can be delivered where?
select
    cp as postcode,
    case tecnologia when 'FTTH' then 'fibre' when 'ADSL' then 'adsl' else tecnologia end as technology,
    case disponible when '1' then 'true' when '0' then 'false' else disponible end as available,
    _file, _row
from network_coverage

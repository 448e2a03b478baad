-- Where do they say that they live or want deliveries? Abbreviated ways are written out; units stay as they are.
select
    'crm:' || id_cliente as party_id,
    case tipo when 'domicilio' then 'home' when 'envio' then 'shipping' when 'facturacion' then 'billing' else tipo end
        as kind,
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(via,
        '^C/ *', 'Calle ', 'i'), '^Avda\. *', 'Avenida ', 'i'), '^Pza\. *', 'Plaza ', 'i'), '^Pº *', 'Paseo ', 'i')
        as street,
    numero as number,
    piso_puerta as unit,
    cp as postcode,
    poblacion as city,
    coalesce(try_strptime(desde, '%d/%m/%Y')::date::text, desde) as valid_from,
    _file, _row
from crm_addresses

union all

select
    'prepaid:' || id_registro,
    'home',
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(direccion,
        '^C/ *', 'Calle ', 'i'), '^Avda\. *', 'Avenida ', 'i'), '^Pza\. *', 'Plaza ', 'i'), '^Pº *', 'Paseo ', 'i'),
    num,
    piso,
    cod_postal,
    localidad,
    coalesce(try_strptime(f_registro, '%d/%m/%Y')::date::text, f_registro),
    _file, _row
from prepaid_registry
where direccion is not null

-- Who is known, by which silo? CRM customers, prepaid registrations, self-care accounts: the same human may be in all.
-- A value that cannot be read is passed on as it stands, so that quarantine shows it.
select
    'crm:' || id_cliente as party_id,
    case tipo when 'P' then 'person' when 'E' then 'business' else tipo end as kind,
    case when tipo = 'P' then nif end as national_id,
    case when tipo = 'E' then nif end as registration_number,
    nombre as first_name,
    apellido1 as last_name,
    apellido2 as second_last_name,
    coalesce(try_strptime(fecha_nacimiento, '%d/%m/%Y')::date::text, fecha_nacimiento) as birth_date,
    case sexo when 'H' then 'm' when 'M' then 'f' else sexo end as sex,
    idioma as language,
    email_hash,
    coalesce(try_strptime(fecha_alta, '%d/%m/%Y')::date::text, fecha_alta) as customer_since,
    _file, _row
from crm_customers

union all

-- The shop types both surnames into one field: the last word is taken for the second.
select
    'prepaid:' || id_registro,
    'person',
    documento,
    null,
    nombre,
    coalesce(nullif(regexp_replace(apellidos, ' [^ ]+$', ''), ''), apellidos),
    nullif(regexp_extract(apellidos, ' ([^ ]+)$', 1), ''),
    coalesce(try_strptime(nacimiento, '%d/%m/%Y')::date::text, nacimiento),
    case sexo when 'V' then 'm' when 'M' then 'f' else sexo end,
    null,
    null,
    coalesce(try_strptime(f_registro, '%d/%m/%Y')::date::text, f_registro),
    _file, _row
from prepaid_registry

union all

select
    'web:' || user_id,
    'person',
    document_id,
    null,
    first_name,
    last_name,
    null,
    null,
    null,
    language,
    email_sha,
    coalesce(try_strptime(created_at, '%Y-%m-%dT%H:%M:%SZ')::date::text, created_at),
    _file, _row
from web_accounts

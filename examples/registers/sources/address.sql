-- Where does a record say that its people live? A census row its dwelling. Returns and pay forms say where post is read, which
-- is home only where nothing better is known: they are of the year's end, and people moved since the census.
-- Spouse and dependants stand on the return without an address of their own: the return's is taken for theirs.
with tax_address as (
    select *, mailing_address_street_name as street, mailing_address_street_number as number,
        mailing_address_unit_number as unit, mailing_address_zipcode as zipcode, mailing_address_city as city
    from tax
), lives as (
    select record_id as party_id, 'home' as kind, street_name as street, street_number as number, unit_number as unit,
        zipcode, city, _file, _row
    from census
    union all
    select record_id, 'billing', street, number, unit, zipcode, city, _file, _row from tax_address
    union all
    select record_id || '/spouse', 'billing', street, number, unit, zipcode, city, _file, _row from tax_address
    where coalesce(spouse_first_name, spouse_last_name, spouse_ssn) is not null
    union all
    select record_id || '/dependent_1', 'billing', street, number, unit, zipcode, city, _file, _row from tax_address
    where coalesce(dependent_1_first_name, dependent_1_last_name, dependent_1_ssn) is not null
    union all
    select record_id || '/dependent_2', 'billing', street, number, unit, zipcode, city, _file, _row from tax_address
    where coalesce(dependent_2_first_name, dependent_2_last_name, dependent_2_ssn) is not null
    union all
    select record_id || '/dependent_3', 'billing', street, number, unit, zipcode, city, _file, _row from tax_address
    where coalesce(dependent_3_first_name, dependent_3_last_name, dependent_3_ssn) is not null
    union all
    select record_id || '/dependent_4', 'billing', street, number, unit, zipcode, city, _file, _row from tax_address
    where coalesce(dependent_4_first_name, dependent_4_last_name, dependent_4_ssn) is not null
    union all
    select record_id, 'billing', mailing_address_street_name, mailing_address_street_number, mailing_address_unit_number,
        mailing_address_zipcode, mailing_address_city, _file, _row
    from pay
)
select party_id, kind, street, number, unit, zipcode as postcode, city, _file, _row
from lives
where street is not null

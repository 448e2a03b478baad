-- Who is known, by which register? A census row, a tax filer, a spouse or dependant on his return, an employee.
-- A party is named after its record, those on somebody else's return after the record and their place on it.
-- The middle initial stands behind the first name: a second name that may be left out, but not be another letter.
-- A birthday that is none, or that lies after the end of the register's own year, is left empty: the record is a person still.
with census_row as (
    select *, try_strptime(date_of_birth, '%m/%d/%Y')::date as born, make_date(try_cast(year as integer), 12, 31) as last_day
    from census
), named_on_return as (
    select record_id || '/spouse' as party_id, spouse_ssn as ssn, spouse_first_name as first_name,
        spouse_middle_initial as middle_initial, spouse_last_name as last_name, _file, _row
    from tax
    union all
    select record_id || '/dependent_1', dependent_1_ssn, dependent_1_first_name, null, dependent_1_last_name, _file, _row
    from tax
    union all
    select record_id || '/dependent_2', dependent_2_ssn, dependent_2_first_name, null, dependent_2_last_name, _file, _row
    from tax
    union all
    select record_id || '/dependent_3', dependent_3_ssn, dependent_3_first_name, null, dependent_3_last_name, _file, _row
    from tax
    union all
    select record_id || '/dependent_4', dependent_4_ssn, dependent_4_first_name, null, dependent_4_last_name, _file, _row
    from tax
)
select
    record_id as party_id,
    'person' as kind,
    null as national_id,
    concat_ws(' ', first_name, middle_initial) as first_name,
    last_name,
    case when born <= last_day then born end as birth_date,
    case sex when 'Female' then 'f' when 'Male' then 'm' end as sex,
    _file, _row
from census_row

union all

select record_id, 'person', ssn, concat_ws(' ', first_name, middle_initial), last_name, null, null, _file, _row
from tax

union all

select party_id, 'person', ssn, concat_ws(' ', first_name, middle_initial), last_name, null, null, _file, _row
from named_on_return
where coalesce(first_name, last_name, ssn) is not null

union all

select record_id, 'person', ssn, concat_ws(' ', first_name, middle_initial), last_name, null, null, _file, _row
from pay

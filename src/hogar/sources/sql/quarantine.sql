-- purpose: every quarantined row in a stable order: bad records of files first, then rows that broke a table's rules
select "table", file, row, reason, record from hogar.quarantine
union all by name
select null::varchar as "table", file, row, reason, record from hogar.reject
order by "table" nulls first, file, row, reason, record

-- purpose: how many rows of each file are in quarantine for each table and reason, the most first
select coalesce("table", '') as "table", file, reason, count(*) as n
from (
    select "table", file, reason from hogar.quarantine
    union all by name
    select null::varchar as "table", file, reason from hogar.reject
)
group by all
order by n desc, "table", file, reason

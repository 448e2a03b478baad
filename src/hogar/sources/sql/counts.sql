-- purpose: for each file what was read, accepted, quarantined and left out; a row counts once, bad where it is bad once
with used as (
    select file, row, bool_or(bad) as bad from hogar.used group by file, row
),
mine as (
    -- a row that a source names counts only where the file has it, and a bad record is nobody's row
    select used.file, used.bad
    from used join hogar.read using (file)
    where used.row between 1 and read.read
      and not exists (from hogar.reject where reject.file = used.file and reject.row = used.row)
),
by_file as (
    select file, count(*) filter (where not bad) as accepted, count(*) filter (where bad) as bad
    from mine group by file
),
rejected as (
    select file, count(*) as rejected from hogar.reject group by file
)
select read.file, read.read,
       coalesce(accepted, 0) as accepted,
       coalesce(bad, 0) + coalesce(rejected, 0) as quarantined,
       read.read - coalesce(accepted, 0) - coalesce(bad, 0) - coalesce(rejected, 0) as left_out
from hogar.read left join by_file using (file) left join rejected using (file)
order by read.file

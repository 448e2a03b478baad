-- purpose: how many rows are in quarantine for each reason
select reason, count(*)
from (select reason from hogar.quarantine union all by name select reason from hogar.reject)
group by reason
order by reason

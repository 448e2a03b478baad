-- purpose: the rows of one source that broke a rule, each with its reason and the row as the source gave it
insert into hogar.quarantine
select $table, judged._file, judged._row, judged._reason, to_json(raw)
from hogar.judged join hogar.raw on raw.rowid = judged._n
where judged._reason is not null

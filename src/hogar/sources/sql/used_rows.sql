-- purpose: the rows of files that one source used, bad where one of its output rows is
insert into hogar.used
select _file, _row, bool_or(_reason is not null) from hogar.judged group by _file, _row

-- purpose: who of ours talks with numbers of other operators in a month, where our end's consent lets it through
with turned as (
    select line_id, other_line_id as number_id, month, calls, minutes, evening_share, texts,
           calls_from_line as calls_out
    from tie_month
    union all
    select other_line_id, line_id, month, calls, minutes, evening_share, texts, calls - calls_from_line
    from tie_month
)
select line_id, number_id, month, calls, minutes, evening_share, texts, calls_out
from turned
where line_id in (select line_id from consented_line where purpose = 'traffic')
  and number_id not in (select line_id from line)

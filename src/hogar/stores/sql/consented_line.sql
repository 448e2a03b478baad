-- purpose: the lines whose holder, and every party declared to use them, allows a gated purpose by the latest word
create or replace temp table consented_line as
with said as (
    -- a grant counts for all channels only; a refusal counts whatever the channel; at the same moment it wins
    select party_id, purpose, granted,
           row_number() over (partition by party_id, purpose order by "at" desc, granted) as age
    from consent
    where purpose in ('traffic', 'location') and (channel = 'any' or not granted)
),
allowed as (
    select party_id, purpose from said where age = 1 and granted
),
concerned as (
    select line_id, holder_party_id as party_id from line
    union
    select line_id, coalesce(other_party_id, party_id) from declaration
    where kind = 'uses_line' and line_id is not null
)
select line.line_id, purposes.purpose
from line
cross join (select distinct purpose from allowed) as purposes
where line.holder_party_id is not null
  and not exists (
    from concerned
    where concerned.line_id = line.line_id
      and not exists (
        from allowed where allowed.party_id = concerned.party_id and allowed.purpose = purposes.purpose
      )
  )

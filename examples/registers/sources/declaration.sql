-- What did the filer declare? That he and his spouse make one return: taken as `lives_with`.
-- Dependants are not taken so: separated parents both claim a child, and students live elsewhere.
select
    record_id || '/spouse' as declaration_id,
    record_id as party_id,
    'lives_with' as kind,
    record_id || '/spouse' as other_party_id,
    timestamp '2020-12-31 00:00:00' as "at",
    _file, _row
from tax
where coalesce(spouse_first_name, spouse_last_name, spouse_ssn) is not null

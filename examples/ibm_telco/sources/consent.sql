-- What did they allow? ASSUMED: the file has no consents, no channels and no addresses.
-- Everybody is taken to have allowed marketing by letter, and by e-mail who gets bills without paper: an operator must
-- have an e-mail address to send those to. Nobody is taken to have allowed the use of traffic data: there is none.
select
    'crm:' || customerID as party_id,
    'marketing' as purpose,
    'mail' as channel,
    true as granted,
    timestamp '2026-01-01 00:00:00' as "at",
    _file, _row
from customers

union all

select 'crm:' || customerID, 'marketing', 'email', true, timestamp '2026-01-01 00:00:00', _file, _row
from customers
where PaperlessBilling = 'Yes'

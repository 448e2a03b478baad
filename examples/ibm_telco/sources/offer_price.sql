-- What does it cost? ASSUMED from the bills: no price is in the file, but with these ten every one of its 7,043
-- monthly charges comes out within five dollars, 1.03 dollars off as a standard deviation. How long a contract runs and
-- how it is paid moves no bill, so they cost nothing.
select
    offer_id,
    'monthly' as kind,
    100 * dollars as amount_cents,
    'assumed' as _file,
    row_number() over (order by offer_id) as _row
from (values
    ('PHONE', 20), ('MULTIPLE-LINES', 5),
    ('DSL', 25), ('FIBRE', 50),
    ('ONLINE-SECURITY', 5), ('ONLINE-BACKUP', 5), ('DEVICE-PROTECTION', 5), ('TECH-SUPPORT', 5),
    ('STREAMING-TV', 10), ('STREAMING-MOVIES', 10),
    ('TERM-1', 0), ('TERM-12', 0), ('TERM-24', 0),
    ('PAY-ELECTRONIC-CHECK', 0), ('PAY-MAILED-CHECK', 0), ('PAY-BANK', 0), ('PAY-CARD', 0), ('PAPERLESS', 0)
) as price (offer_id, dollars)

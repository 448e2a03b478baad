-- What is sold? ASSUMED: the file names services, contracts and ways of paying, but has no catalogue. Each that it
-- names is an offer here, because an offer is what a line can hold; the ids and the names are ours.
select
    offer_id, name, kind, on_sale, technology,
    'assumed' as _file,
    row_number() over (order by offer_id) as _row
from (values
    ('PHONE', 'Phone line', 'fixed_voice', true, null),
    ('DSL', 'Internet by DSL', 'broadband', true, 'adsl'),
    ('FIBRE', 'Internet by fibre', 'broadband', true, 'fibre'),
    ('MULTIPLE-LINES', 'More phone lines', 'add_on', true, null),
    ('ONLINE-SECURITY', 'Online security', 'add_on', true, null),
    ('ONLINE-BACKUP', 'Online backup', 'add_on', true, null),
    ('DEVICE-PROTECTION', 'Device protection', 'add_on', true, null),
    ('TECH-SUPPORT', 'Tech support', 'add_on', true, null),
    ('STREAMING-TV', 'Streaming TV', 'add_on', true, null),
    ('STREAMING-MOVIES', 'Streaming movies', 'add_on', true, null),
    ('TERM-1', 'Contract from month to month', 'service', true, null),
    ('TERM-12', 'Contract of one year', 'service', true, null),
    ('TERM-24', 'Contract of two years', 'service', true, null),
    ('PAY-ELECTRONIC-CHECK', 'Pays by electronic check', 'service', true, null),
    ('PAY-MAILED-CHECK', 'Pays by mailed check', 'service', true, null),
    ('PAY-BANK', 'Pays by automatic bank transfer', 'service', true, null),
    ('PAY-CARD', 'Pays by credit card, automatically', 'service', true, null),
    ('PAPERLESS', 'Bills without paper', 'service', true, null)
) as catalogue (offer_id, name, kind, on_sale, technology)

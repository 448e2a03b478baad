-- Who pays which bill, from which bank account?
select
    'billing:' || account_no as account_id,
    'crm:' || payer_customer as payer_party_id,
    iban_token as payment_token,
    opened as opened_on,
    _file, _row
from billing_accounts

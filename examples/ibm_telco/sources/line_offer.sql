-- Which offers does a line hold? Since when, the file does not say.
-- Contract, way of paying and paperless bills are the whole customer's: they stand on the internet line where there is
-- one, else on the phone line. A value that is neither known nor a no has no offer, so quarantine shows its record.
with customer as (
    select
        *,
        'crm:' || customerID || ':phone' as phone,
        'crm:' || customerID || ':internet' as internet,
        'crm:' || customerID || case InternetService when 'No' then ':phone' else ':internet' end as main
    from customers
), held as (
    select phone as line_id, PhoneService as answer, 'PHONE' as offer_id, _file, _row from customer
    union all select phone, MultipleLines, 'MULTIPLE-LINES', _file, _row from customer
    union all select internet, OnlineSecurity, 'ONLINE-SECURITY', _file, _row from customer
    union all select internet, OnlineBackup, 'ONLINE-BACKUP', _file, _row from customer
    union all select internet, DeviceProtection, 'DEVICE-PROTECTION', _file, _row from customer
    union all select internet, TechSupport, 'TECH-SUPPORT', _file, _row from customer
    union all select internet, StreamingTV, 'STREAMING-TV', _file, _row from customer
    union all select internet, StreamingMovies, 'STREAMING-MOVIES', _file, _row from customer
    union all select main, PaperlessBilling, 'PAPERLESS', _file, _row from customer
)
select line_id, case answer when 'Yes' then offer_id end as offer_id, _file, _row
from held
where answer is null or answer not in ('No', 'No phone service', 'No internet service')

union all

select internet, case InternetService when 'DSL' then 'DSL' when 'Fiber optic' then 'FIBRE' end, _file, _row
from customer
where InternetService is distinct from 'No'

union all

select
    main,
    case Contract when 'Month-to-month' then 'TERM-1' when 'One year' then 'TERM-12' when 'Two year' then 'TERM-24' end,
    _file, _row
from customer

union all

select
    main,
    case PaymentMethod
        when 'Electronic check' then 'PAY-ELECTRONIC-CHECK'
        when 'Mailed check' then 'PAY-MAILED-CHECK'
        when 'Bank transfer (automatic)' then 'PAY-BANK'
        when 'Credit card (automatic)' then 'PAY-CARD'
    end,
    _file, _row
from customer

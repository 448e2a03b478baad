-- What was billed for a line in a month? Periods are months such as 2026-02; euros become cents.
select
    'billing:' || invoice_line as bill_id,
    'billing:' || account_no as account_id,
    'crm:' || line_no as line_id,
    period || '-01' as month,
    coalesce(cast(round(try_cast(fee_eur as decimal(12, 2)) * 100) as bigint)::text, fee_eur) as fee_cents,
    coalesce(cast(round(try_cast(overage_eur as decimal(12, 2)) * 100) as bigint)::text, overage_eur) as overage_cents,
    gb_used as data_gb_used,
    gb_included as data_gb_allowed,
    _file, _row
from billing_invoices

-- purpose: How often a prepaid SIM is used by whom it is registered to, as far as self-care shows it, in this market.
WITH register AS (
    SELECT (count(*) FILTER (line_claim.person_id = coalesce(holder_id, payer_id))
            + getvariable('registered_prior') * getvariable('registered_share'))
        / (count(*) + getvariable('registered_prior')) AS share
    FROM line_claim
    JOIN person_line USING (line_id)
    WHERE kind = 'mobile_prepaid' AND NOT declared AND coalesce(holder_id, payer_id) IS NOT NULL
)
SELECT least(
    ln(share / (1 - share)) - ln(getvariable('registered_share') / (1 - getvariable('registered_share'))), 0
) AS weight
FROM register

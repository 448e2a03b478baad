-- What a household usually spends in a month: bills and top-ups of its living lines, mean of three months.
SELECT
    household_id AS id,
    round(sum(coalesce(fee_eur_month, 0) + coalesce(overage_eur_month, 0) + coalesce(topup_eur_month, 0)), 2)
        AS spend_eur,
    -- the upper end of the band: fifteen per cent above the usual
    round(1.15 * sum(coalesce(fee_eur_month, 0) + coalesce(overage_eur_month, 0) + coalesce(topup_eur_month, 0)), 2)
        AS spend_band_eur,
    round(sum(coalesce(overage_eur_month, 0)), 2) AS overage_eur
FROM line_home
JOIN line_features ON line_features.id = line_home.line_id
WHERE household_id IS NOT NULL
GROUP BY household_id

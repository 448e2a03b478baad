-- purpose: Who uses a line: of the candidates the likeliest; of what a home shares (broadband, TV) the holder.
WITH declared AS (
    SELECT line_id, person_id FROM line_claim WHERE declared
), shared AS (
    SELECT
        line_id,
        coalesce(declared.person_id, holder_id, payer_id) AS person_id,
        CASE WHEN declared.person_id IS NULL THEN getvariable('holder_user_probability')
             ELSE getvariable('declared_user_probability') END AS probability
    FROM person_line
    LEFT JOIN declared USING (line_id)
    WHERE kind NOT IN ('mobile_postpaid', 'mobile_prepaid')
), weighed AS (
    SELECT * REPLACE (line_candidate.weight + CASE WHEN registered THEN register.weight ELSE 0 END AS weight)
    FROM line_candidate CROSS JOIN register
), share AS (
    -- somebody of whom no silo knows may use it too
    SELECT
        line_id,
        person_id,
        least(
            exp(weight) / (sum(exp(weight)) OVER (PARTITION BY line_id) + exp(getvariable('line_weight')['nobody_known'])),
            CASE WHEN declared THEN getvariable('declared_user_probability') ELSE 1 END
        ) AS probability
    FROM weighed
)
-- rounded, so that the order in which rows are added up leaves no trace
SELECT line_id, person_id, round(probability::DOUBLE, 9) AS probability
FROM (FROM shared WHERE person_id IS NOT NULL UNION ALL FROM share)
QUALIFY row_number() OVER (PARTITION BY line_id ORDER BY round(probability, 9) DESC, person_id) = 1
ORDER BY line_id

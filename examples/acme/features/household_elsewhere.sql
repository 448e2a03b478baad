-- Are members of a household at another operator? Empty of meaning unless `[households] offnet = true`.
WITH found AS (
    SELECT household_id, count(*) AS numbers FROM offnet GROUP BY household_id
)
SELECT
    household.household_id AS id,
    least(coalesce(numbers, 0), 2) AS offnet_members,
    -- one home in twenty is asked without a reason, so that nobody can deduce a call from being asked
    coalesce(numbers, 0) > 0 OR left(md5(household.household_id), 2) < '0d' AS ask_for_members
FROM household
LEFT JOIN found USING (household_id)

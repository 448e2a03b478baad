-- purpose: Who of our adults talks with whom: a number at another operator, or one of ours as if he were there.
WITH adult AS (
    SELECT line_id, person_id, household_id
    FROM line_guess
    JOIN membership USING (person_id)
    WHERE person_id IN (SELECT person_id FROM heard)
), inside AS (
    SELECT
        x.person_id AS one, x.household_id AS one_home, y.person_id AS other, y.household_id AS other_home,
        month, calls, minutes, evening_share, texts, calls_from_line
    FROM tie_month
    JOIN adult AS x ON x.line_id = tie_month.line_id
    JOIN adult AS y ON y.line_id = tie_month.other_line_id
    WHERE x.person_id <> y.person_id
), turned AS (
    SELECT
        number_id, FALSE AS ours, person_id, household_id,
        month, calls, minutes, evening_share, texts, calls_out
    FROM offnet_tie
    JOIN adult USING (line_id)
    UNION ALL
    SELECT other, TRUE, one, one_home, month, calls, minutes, evening_share, texts, calls_from_line FROM inside
    UNION ALL
    SELECT one, TRUE, other, other_home, month, calls, minutes, evening_share, texts, calls - calls_from_line FROM inside
)
SELECT
    number_id,
    ours,
    person_id,
    household_id,
    sum(calls) AS calls,
    sum(minutes) AS minutes,
    sum(evening_share * calls) AS evening_calls,
    sum(texts) AS texts,
    sum(calls_out) AS calls_out,
    count(DISTINCT month) AS months
FROM turned
GROUP BY ALL

-- purpose: With whom a person talks at all, and how strongly; who talks with very many is a shop or an office.
WITH side AS (
    SELECT a AS person_id, b AS other_id, calls_month + coalesce(texts_month, 0) AS strength FROM tie_link
    UNION ALL
    SELECT b, a, calls_month + coalesce(texts_month, 0) FROM tie_link
)
SELECT
    person_id,
    other_id,
    row_number() OVER (PARTITION BY person_id ORDER BY strength DESC, other_id) AS place,
    count(*) OVER (PARTITION BY other_id) AS of_others
FROM side

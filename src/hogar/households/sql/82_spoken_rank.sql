-- purpose: Each tie's place among all that the person has and among all that the number has with us.
SELECT
    spoken.*,
    row_number() OVER (PARTITION BY person_id ORDER BY calls DESC, number_id) AS person_place,
    calls / greatest(sum(calls) OVER (PARTITION BY person_id), 1) AS person_share,
    row_number() OVER (PARTITION BY number_id ORDER BY calls DESC, person_id) AS number_place,
    sum(calls) OVER (PARTITION BY number_id) AS number_calls,
    count(*) OVER (PARTITION BY number_id) AS contacts
FROM spoken

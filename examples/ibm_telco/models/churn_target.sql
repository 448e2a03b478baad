-- Which of the customers whose lines live on :as_of left within the month that followed.
SELECT
    person_id AS id,
    coalesce(bool_or(ended_on <= :as_of + 31), false) AS label
FROM line
JOIN party_person ON party_person.party_id = line.holder_party_id
WHERE started_on <= :as_of
  AND (ended_on IS NULL OR ended_on > :as_of)
GROUP BY person_id

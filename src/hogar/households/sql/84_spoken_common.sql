-- purpose: With how many of its other contacts does a number's candidate home talk too?
WITH asked AS (
    SELECT number_id, household_id FROM spoken_home WHERE members >= getvariable('offnet_members_min')
)
SELECT
    asked.number_id,
    asked.household_id,
    count(DISTINCT one.person_id) AS common,
    sum(least(one.calls, two.calls)) AS common_calls
FROM asked
JOIN spoken_rank AS one ON one.number_id = asked.number_id AND one.household_id <> asked.household_id
-- the contact, seen as somebody with whom the home talks
JOIN spoken_rank AS two ON two.number_id = one.person_id AND two.household_id = asked.household_id
WHERE two.ours
  AND two.contacts <= getvariable('offnet_contacts_max')
  AND two.person_id <> asked.number_id
GROUP BY asked.number_id, asked.household_id

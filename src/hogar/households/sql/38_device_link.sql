-- purpose: Between whom a phone went from hand to hand; one that passed through many hands came from a dealer.
WITH hand AS (
    SELECT DISTINCT device_id, person_id
    FROM device_use JOIN line_guess USING (line_id) JOIN individual USING (person_id)
    WHERE NOT objects
), fit AS (
    SELECT device_id FROM hand GROUP BY device_id HAVING count(*) BETWEEN 2 AND getvariable('device_persons_max')
), giver AS (
    SELECT person_id FROM hand JOIN fit USING (device_id) GROUP BY person_id HAVING count(*) <= getvariable('devices_given_max')
)
SELECT DISTINCT x.person_id AS a, y.person_id AS b
FROM fit
JOIN hand AS x USING (device_id)
JOIN hand AS y USING (device_id)
WHERE x.person_id < y.person_id
  AND x.person_id IN (SELECT person_id FROM giver) AND y.person_id IN (SELECT person_id FROM giver)

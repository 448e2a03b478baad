-- purpose: Where an adult who allows it spent each night, and whether that is where he mostly sleeps.
WITH slept AS (
    SELECT person_id, day, min(place_id) AS place_id
    FROM place_night JOIN line_guess USING (line_id) JOIN individual USING (person_id)
    WHERE age >= 18 AND NOT objects AND shares_location
    GROUP BY person_id, day
), home_place AS (
    SELECT person_id, place_id
    FROM slept
    GROUP BY person_id, place_id
    QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY count(*) DESC, place_id) = 1
)
SELECT person_id, day, slept.place_id, home_place.place_id AS home_place_id
FROM slept JOIN home_place USING (person_id)

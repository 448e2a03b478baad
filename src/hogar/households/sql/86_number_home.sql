-- purpose: A row for each number and home of whom enough members talk with it, with all that is looked at.
WITH asked AS (
    SELECT number_id, household_id FROM spoken_home WHERE members >= getvariable('offnet_members_min')
), of_number AS (
    SELECT
        number_id,
        household_id,
        count(*) OVER homes AS homes,
        row_number() OVER (homes ORDER BY calls DESC, household_id) AS home_place,
        calls / greatest(
            max(calls) OVER (
                homes ORDER BY calls DESC, household_id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
            ), 1
        ) AS lead_share
    FROM spoken_home
    WHERE number_id IN (SELECT number_id FROM asked)
    WINDOW homes AS (PARTITION BY number_id)
), of_home AS (
    SELECT
        number_id,
        household_id,
        row_number() OVER (PARTITION BY household_id ORDER BY calls DESC, number_id) AS place_in_home
    FROM spoken_home
    WHERE household_id IN (SELECT household_id FROM asked)
)
SELECT
    spoken_home.*,
    coalesce(common, 0) AS common,
    coalesce(common_calls, 0) AS common_calls,
    homes,
    home_place,
    lead_share,
    place_in_home,
    -- one of ours, hidden in his own home, does not count there; whoever is hidden is an adult
    coalesce(membership.household_id = spoken_home.household_id, FALSE) AS own,
    home_shape.adults - own::INTEGER AS adults,
    minors,
    ageless,
    broadband,
    tv
FROM spoken_home
JOIN asked USING (number_id, household_id)
JOIN of_number USING (number_id, household_id)
JOIN of_home USING (number_id, household_id)
JOIN home_shape USING (household_id)
LEFT JOIN spoken_common USING (number_id, household_id)
LEFT JOIN membership ON membership.person_id = spoken_home.number_id

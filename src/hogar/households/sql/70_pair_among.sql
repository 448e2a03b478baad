-- purpose: The pairs again, now with what the first estimate says of third persons; nothing where one objects.
SELECT
    scored_pair.* REPLACE (
        CASE WHEN contract IS NULL THEN third_level.third END AS third,
        CASE WHEN contract IS NULL THEN rival_level.rival END AS rival
    )
FROM scored_pair
LEFT JOIN third_level ON third_level.a = person_a AND third_level.b = person_b
LEFT JOIN rival_level ON rival_level.a = person_a AND rival_level.b = person_b

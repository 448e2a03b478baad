-- purpose: How full a house number is, and whether anybody gives a unit there: a house of flats or a home of its own.
SELECT postcode, street, number, count(DISTINCT person_id) AS persons, count(DISTINCT unit) AS units
FROM home
WHERE number IS NOT NULL
GROUP BY postcode, street, number

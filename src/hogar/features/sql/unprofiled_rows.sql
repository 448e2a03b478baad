-- purpose: the persons of whom only contract and payment may be known
SELECT person_id AS id FROM unprofiled ORDER BY person_id

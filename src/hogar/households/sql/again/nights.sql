-- purpose: Whose nights are looked at again, and the rows that this takes.
-- into touched
SELECT person_id FROM delta_individual
UNION SELECT person_id FROM delta_line_guess
UNION SELECT person_id FROM every_line_guess SEMI JOIN delta_place_night USING (line_id)
-- into line_guess
FROM kept.line_guess SEMI JOIN touched USING (person_id)
-- into place_night
FROM kept.place_night SEMI JOIN temp.line_guess USING (line_id)

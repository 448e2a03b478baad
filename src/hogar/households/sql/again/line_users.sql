-- purpose: Of which lines the user is chosen again, and the rows that this takes.
-- into touched
SELECT line_id FROM delta_person_line
UNION SELECT line_id FROM delta_line_claim
UNION SELECT line_id FROM delta_line_candidate
-- what the market says of its registers changed
UNION SELECT line_id FROM kept.line_candidate WHERE registered AND EXISTS (FROM delta_register)
-- into person_line
FROM kept.person_line SEMI JOIN touched USING (line_id)
-- into line_candidate
FROM kept.line_candidate SEMI JOIN touched USING (line_id)

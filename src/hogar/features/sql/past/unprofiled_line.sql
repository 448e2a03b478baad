-- purpose: the lines used by persons of whom nothing is known but contract and payment
CREATE OR REPLACE TABLE past.unprofiled_line AS
SELECT DISTINCT line_id FROM main.line_user WHERE person_id IN (FROM past.unprofiled) AND line_id IS NOT NULL

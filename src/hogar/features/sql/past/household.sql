-- purpose: today's households, on a day before without those of whom nobody was a customer yet
CREATE OR REPLACE VIEW past.household AS
SELECT * FROM main.household WHERE household_id IN (SELECT household_id FROM past.membership)

-- purpose: Of whose homes the facts that speak for roles are looked at again, and the rows that this takes.
-- into mover
SELECT person_id FROM delta_membership
UNION SELECT person_id FROM delta_individual
UNION SELECT person_id FROM delta_line_user
UNION SELECT person_id FROM delta_line_filler
UNION SELECT person_id FROM delta_line_manager
UNION SELECT adviser_person_id FROM delta_adviser_edge
UNION SELECT unnest([holder_id, payer_id]) FROM delta_person_line
UNION SELECT person_id FROM every_line_user SEMI JOIN delta_person_line USING (line_id)
UNION
SELECT person_id FROM every_party_person
WHERE party_id IN (SELECT party_id FROM delta_web_event UNION SELECT party_id FROM delta_ticket)
UNION SELECT person_id FROM delta_party_person
UNION
SELECT person_id FROM every_line_user
WHERE line_id IN (SELECT line_id FROM every_device_use SEMI JOIN delta_device_use USING (device_id))
-- into moved_home
SELECT household_id FROM delta_membership
UNION SELECT household_id FROM kept.membership SEMI JOIN mover USING (person_id)
-- into touched
SELECT person_id FROM every_membership SEMI JOIN moved_home USING (household_id)
UNION FROM mover
-- into membership
FROM kept.membership SEMI JOIN moved_home USING (household_id)
-- into individual
FROM kept.individual SEMI JOIN temp.membership USING (person_id)
-- into line_user
FROM kept.line_user SEMI JOIN temp.membership USING (person_id)
-- into person_line
FROM kept.person_line
WHERE line_id IN (SELECT line_id FROM temp.line_user) OR holder_id IN (SELECT person_id FROM temp.membership)
-- into line_filler
FROM kept.line_filler SEMI JOIN temp.line_user USING (line_id)
-- into line_manager
FROM kept.line_manager SEMI JOIN temp.line_user USING (line_id)
-- into party_person
FROM kept.party_person SEMI JOIN temp.membership USING (person_id)
-- into web_event
FROM kept.web_event SEMI JOIN temp.party_person USING (party_id)
-- into ticket
FROM kept.ticket SEMI JOIN temp.party_person USING (party_id)
-- into device_use
FROM kept.device_use
SEMI JOIN (SELECT device_id FROM kept.device_use SEMI JOIN temp.line_user USING (line_id)) USING (device_id)

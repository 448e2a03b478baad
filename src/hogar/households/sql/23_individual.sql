-- purpose: One row a person: what kind, how old, which surnames, whether he objected to profiling.
SELECT
    person_id,
    min(party_id) AS anchor_party_id,
    -- a sole trader's business is the trader
    CASE WHEN bool_and(kind = 'business') THEN 'business' ELSE 'person' END AS kind,
    -- who is a minor to one silo is a minor: the later birthday when they disagree
    date_diff('year', max(birth_date), getvariable('now'))
        - (strftime(max(birth_date), '%m%d') > strftime(getvariable('now'), '%m%d'))::INTEGER AS age,
    -- surnames as they sound, so that a slip of the pen does not part a family
    list_sort(list_distinct(flatten(list(list_filter(
        [sound(last_name), sound(second_last_name)], lambda name: name IS NOT NULL)) FILTER (kind = 'person')))) AS surnames,
    person_id IN (SELECT person_id FROM objector) AS objects,
    person_id IN (SELECT person_id FROM traffic_consenter WHERE traffic) AS shares_traffic,
    person_id IN (SELECT person_id FROM traffic_consenter WHERE location) AS shares_location
FROM party
JOIN party_person USING (party_id)
GROUP BY person_id

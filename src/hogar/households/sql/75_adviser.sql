-- purpose: Whom a person asks before he decides: somebody adult in another home, by his own word, no objector.
SELECT DISTINCT asks.person_id, advises.person_id AS adviser_person_id
FROM declaration
JOIN party_person AS asks ON asks.party_id = declaration.party_id
JOIN party_person AS advises ON advises.party_id = declaration.other_party_id
JOIN individual AS x ON x.person_id = asks.person_id
JOIN individual AS y ON y.person_id = advises.person_id
JOIN membership AS home ON home.person_id = asks.person_id
JOIN membership AS away ON away.person_id = advises.person_id
WHERE declaration.kind = 'adviser'
  AND home.household_id <> away.household_id
  AND NOT x.objects AND NOT y.objects
  AND coalesce(x.age >= 18, true) AND coalesce(y.age >= 18, true)
ORDER BY asks.person_id, adviser_person_id

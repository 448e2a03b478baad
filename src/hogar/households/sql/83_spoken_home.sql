-- purpose: What each number's ties with each home add up to; numbers that very many talk with are hubs and left out.
SELECT
    number_id,
    ours,
    household_id,
    count(*) AS members,
    sum(calls) AS calls,
    max(calls) AS calls_most,
    any_value(contacts) AS contacts,
    sum(calls) / greatest(any_value(number_calls), 1) AS share,
    min(number_place) AS number_place,
    min(person_place) AS person_place,
    avg(person_place) AS person_place_mean,
    max(person_share) AS person_share,
    min(person_share) AS person_share_least,
    sum(evening_calls) / greatest(sum(calls), 1) AS evening_share,
    sum(texts) / greatest(sum(calls), 1) AS texts_call,
    sum(minutes) / greatest(sum(calls), 1) AS minutes_call,
    sum(calls_out) / greatest(sum(calls), 1) AS out_share,
    max(months) AS months,
    avg(age) AS age_mean
FROM spoken_rank
JOIN individual USING (person_id)
WHERE contacts <= getvariable('offnet_contacts_max')
GROUP BY number_id, ours, household_id

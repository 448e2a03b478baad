-- purpose: How common each surname is: a rare one in common says more.
SELECT name, count(*) / (SELECT count(*) FROM individual WHERE len(surnames) > 0) AS share
FROM (SELECT unnest(surnames) AS name FROM individual WHERE kind = 'person')
GROUP BY name

-- purpose: the events of one type in a window that ends with the day, each once
SELECT DISTINCT
    source AS _source,
    event_id AS _id,
    "at" AS _at,
    line_id AS _line,
    CASE WHEN line_id IS NULL THEN party_id END AS _party,
    TRY_CAST(data AS JSON) AS _data
FROM event
WHERE type = :type
  AND "at" >= CAST(:as_of AS TIMESTAMP) + INTERVAL 1 DAY - INTERVAL 1 HOUR * :hours
  AND "at" < CAST(:as_of AS TIMESTAMP) + INTERVAL 1 DAY

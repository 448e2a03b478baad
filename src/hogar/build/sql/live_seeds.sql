-- purpose: the silos' events of some types since a moment, by the line or else the party that they are about
-- A consent counts from its own day on: `allowed` has the bits of what everybody concerned had allowed by then, and what
-- happened before an objection was lifted is left out.
WITH refused AS (
    SELECT party_id, purpose, max("at") AS until FROM consent WHERE NOT granted GROUP BY ALL
), since AS (
    SELECT consent.party_id, consent.purpose, min(consent."at") AS since
    FROM consent
    LEFT JOIN refused ON refused.party_id = consent.party_id AND refused.purpose = consent.purpose
    WHERE consent.granted
      AND (
          (consent.purpose IN ('traffic', 'location') AND consent.channel = 'any' AND refused.until IS NULL)
          OR (consent.purpose IN ('traffic', 'location', 'profiling') AND consent."at" > refused.until)
      )
    GROUP BY ALL
), concerned AS (
    SELECT line_id AS subject, holder_party_id AS party_id FROM line
    UNION
    SELECT line_id, coalesce(other_party_id, party_id) FROM declaration
    WHERE kind = 'uses_line' AND line_id IS NOT NULL
    UNION
    SELECT party_id, party_id FROM consent
), ready AS (
    SELECT
        subject,
        max(since) FILTER (WHERE purpose = 'traffic') AS traffic,
        max(since) FILTER (WHERE purpose = 'location') AS location,
        max(since) FILTER (WHERE purpose = 'profiling') AS profiling
    FROM concerned
    JOIN since ON since.party_id = concerned.party_id
    GROUP BY subject
)
SELECT
    source, event_id, type, epoch_us("at") AS "at", coalesce(line_id, party_id) AS subject, data,
    CASE WHEN ready.traffic <= "at" THEN 1 ELSE 0 END + CASE WHEN ready.location <= "at" THEN 2 ELSE 0 END AS allowed
FROM event
LEFT JOIN ready ON ready.subject = coalesce(line_id, party_id)
WHERE list_contains($types, type) AND "at" >= $since AND coalesce(line_id, party_id) IS NOT NULL
  AND (ready.profiling IS NULL OR ready.profiling <= "at")
ORDER BY source, event_id

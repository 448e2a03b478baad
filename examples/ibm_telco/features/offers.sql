-- What each offer would mean to each customer: owned, deliverable, and in cents a month what is paid now for what it
-- would replace. Internet replaces internet, a contract a contract; everything else comes on top.
WITH price AS (
    SELECT offer.offer_id, offer.kind, amount_cents
    FROM offer
    JOIN offer_price ON offer_price.offer_id = offer.offer_id AND offer_price.kind = 'monthly'
    WHERE on_sale
), held AS (
    SELECT user_id, price.offer_id, price.kind, price.amount_cents
    FROM line_home
    JOIN line_offer USING (line_id)
    JOIN price USING (offer_id)
    WHERE until IS NULL AND user_id IS NOT NULL
), replaced AS (
    SELECT user_id, kind, sum(amount_cents) AS amount_cents
    FROM held
    WHERE kind = 'broadband'
    GROUP BY user_id, kind
)
SELECT
    'person' AS scope,
    person_features.id AS id,
    price.offer_id,
    held.offer_id IS NOT NULL AS owned,
    false AS ordered,
    -- where there is no internet yet, nobody knows whether it could be had; its services need it
    CASE
        WHEN price.kind = 'broadband' AND internet = 'none' THEN NULL
        WHEN price.kind = 'add_on' AND price.offer_id <> 'MULTIPLE-LINES' THEN internet <> 'none'
        ELSE true
    END AS deliverable,
    price.amount_cents AS monthly_cents,
    coalesce(replaced.amount_cents, 0) AS current_cents,
    price.amount_cents AS cost_cents
FROM person_features
CROSS JOIN price
LEFT JOIN held ON held.user_id = person_features.id AND held.offer_id = price.offer_id
LEFT JOIN replaced ON replaced.user_id = person_features.id AND replaced.kind = price.kind

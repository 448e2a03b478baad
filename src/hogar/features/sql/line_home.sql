-- purpose: every living line: who uses, holds and pays it, and in which household its user lives
-- A prepaid line has no account: who topped it up in the last 100 days pays it, when it was one person only. A
-- top-up whose payer nobody knows counts as the user's own where the line is registered to its user; else the
-- payer is unknown, and unknown is nobody. Who uses a line is known of today only: on an earlier day it is taken to
-- be the holder, of lines that have ended since and of those that live alike, so that no label shows through.
CREATE OR REPLACE TABLE past.line_home AS
WITH token AS (
    SELECT payment_token, min(person_id) AS person_id
    FROM account
    JOIN party_person ON party_person.party_id = account.payer_party_id
    WHERE payment_token IS NOT NULL
    GROUP BY payment_token
    HAVING count(DISTINCT person_id) = 1
), person_of AS (
    SELECT
        line.line_id, line.kind, line.started_on, line.commitment_until,
        CASE
            WHEN getvariable('as_of') >= getvariable('extracted') THEN line_user.person_id
            ELSE holder.person_id
        END AS user_id,
        holder.person_id AS holder_id,
        payer.person_id AS account_payer_id,
        line.account_id IS NULL AS without_account
    FROM line
    LEFT JOIN line_user USING (line_id)
    LEFT JOIN party_person AS holder ON holder.party_id = line.holder_party_id
    LEFT JOIN account USING (account_id)
    LEFT JOIN party_person AS payer ON payer.party_id = account.payer_party_id
    WHERE line.ended_on IS NULL
), paid AS (
    SELECT
        top_up.line_id,
        coalesce(
            payer.person_id,
            token.person_id,
            CASE WHEN user_id = holder_id AND top_up.payer_party_id IS NULL THEN user_id END,
            ''
        ) AS payer_id
    FROM top_up
    JOIN person_of ON person_of.line_id = top_up.line_id AND without_account
    LEFT JOIN party_person AS payer ON payer.party_id = top_up.payer_party_id
    LEFT JOIN token ON token.payment_token = top_up.payment_token AND top_up.payer_party_id IS NULL
    WHERE top_up."at" >= getvariable('as_of') - INTERVAL 100 DAY
), topped_up_by AS (
    SELECT line_id, CASE WHEN count(DISTINCT payer_id) = 1 THEN nullif(min(payer_id), '') END AS payer_id
    FROM paid
    GROUP BY line_id
)
SELECT
    person_of.line_id,
    person_of.kind,
    person_of.started_on,
    person_of.commitment_until,
    user_id,
    holder_id,
    CASE
        WHEN NOT without_account THEN account_payer_id
        WHEN topped_up_by.line_id IS NOT NULL THEN topped_up_by.payer_id
        WHEN user_id = holder_id THEN user_id
    END AS payer_id,
    membership.household_id
FROM person_of
LEFT JOIN topped_up_by USING (line_id)
LEFT JOIN membership ON membership.person_id = user_id

-- purpose: every living line, and whether only contract and payment may be known of it
SELECT line_id AS id, user_id IN (FROM unprofiled) AS hidden FROM line_home

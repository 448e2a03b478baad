-- purpose: every living line with its user, holder, payer and household, by id
FROM line_home ORDER BY line_id

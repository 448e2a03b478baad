-- purpose: every offer that a household or line owns already or has ordered
select scope, id, offer_id from feature_offer where owned or ordered order by all

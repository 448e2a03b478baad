-- What goes with what? Of several `requires` of one offer any one will do.
select codigo as offer_id, regla as rule, otro_codigo as other_offer_id, _file, _row
from product_rules

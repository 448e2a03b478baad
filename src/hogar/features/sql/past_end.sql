-- purpose: the tables as they are again
DROP SCHEMA IF EXISTS past CASCADE

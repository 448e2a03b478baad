-- purpose: a place for the tables as they stood on a day
CREATE SCHEMA IF NOT EXISTS past

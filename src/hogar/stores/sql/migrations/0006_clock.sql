-- When was it by the machine's clock? Beside the project's now, which may be fixed; unknown of what was before.

ALTER TABLE pointer_history ADD COLUMN clock INTEGER;
ALTER TABLE review ADD COLUMN clock INTEGER;
ALTER TABLE audit ADD COLUMN clock INTEGER;

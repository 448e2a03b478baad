-- Is a decision as it was committed? A checksum over its id, situation and bytes; unknown of those from before.

ALTER TABLE decision ADD COLUMN checksum BLOB;

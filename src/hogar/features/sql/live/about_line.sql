-- purpose: events by the line that they are about
SELECT id FROM (SELECT taken.*, taken._line AS id FROM taken WHERE taken._line IS NOT NULL) AS about

-- purpose: the lines that allow it
SELECT consented_line.line_id FROM consented_line WHERE consented_line.purpose = :consent

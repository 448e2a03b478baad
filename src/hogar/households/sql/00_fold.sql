-- purpose: How written texts are folded before they are compared; each macro gives NULL where nothing is left.
CREATE OR REPLACE TEMP MACRO fold(written) AS
    nullif(trim(regexp_replace(lower(strip_accents(written)), '[^a-z0-9]+', ' ', 'g')), '');

CREATE OR REPLACE TEMP MACRO fold_key(written) AS
    nullif(regexp_replace(lower(strip_accents(written)), '[^a-z0-9]+', '', 'g'), '');

-- `C/ Mayor, 12` and `Calle  Mayor` are one street: the type in front and a number at the end are cut off.
CREATE OR REPLACE TEMP MACRO fold_street(written) AS
    nullif(trim(regexp_replace(
        regexp_replace(
            fold(written),
            '^(calle|c|cl|avenida|avda|avd|av|plaza|plza|pza|pl|paseo|pso|p|camino|cno|ronda|rda|carretera|ctra|travesia|trv) ',
            ''
        ),
        '( (n|no|num|numero))? [0-9]+ ?[a-z]?$',
        ''
    )), '');

CREATE OR REPLACE TEMP MACRO number_in(written) AS
    nullif(replace(regexp_extract(fold(written), ' ([0-9]+ ?[a-z]?)$', 1), ' ', ''), '');

-- One street with a slip of the pen, or with its type written so that it was not cut off.
CREATE OR REPLACE TEMP MACRO like_street(a, b) AS
    a = b
    OR jaro_winkler_similarity(a, b) >= getvariable('street_similarity_min')
    OR ends_with(a, ' ' || b)
    OR ends_with(b, ' ' || a);

-- `3º B`, `03-b`, `3o B` and `piso 3, puerta B` are one unit, `3A` is another; `12-4` and `1-24` are two.
CREATE OR REPLACE TEMP MACRO fold_unit(written) AS
    nullif(ltrim(fold_key(regexp_replace(
        regexp_replace(
            regexp_replace(lower(strip_accents(written)), '\b(piso|planta|puerta|pta|escalera|esc)\b', ' ', 'g'),
            '([0-9])[oa](\W+\w)', '\1 \2', 'g'
        ),
        '([0-9])\W+([0-9])', '\1x\2', 'g'
    )), '0'), '');

-- One name with at most one slip of the pen.
CREATE OR REPLACE TEMP MACRO same_name(a, b) AS
    a = b OR length(a) >= 4 AND length(b) >= 4 AND damerau_levenshtein(a, b) <= 1;

-- `Jose` and `Jose Antonio` may be one man; `Maria Angeles` and `Maria Carmen` are two women.
CREATE OR REPLACE TEMP MACRO same_first_name(a, b) AS
    same_name(a, b) OR starts_with(a, b || ' ') OR starts_with(b, a || ' ');

-- Surnames agree when one of either stands among the other's names: second surnames left out, names exchanged.
CREATE OR REPLACE TEMP MACRO same_surname(a, b) AS
    same_name(a.last_name, b.last_name)
    OR a.last_name IN (b.second_last_name, b.first_name)
    OR b.last_name IN (a.second_last_name, a.first_name);

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

-- `061` and `61` are one house.
CREATE OR REPLACE TEMP MACRO fold_number(written) AS nullif(ltrim(fold_key(written), '0'), '');

-- One long house number with one slip: `6290` and `6250`; short ones are neighbours.
CREATE OR REPLACE TEMP MACRO near_number(a, b) AS
    least(length(a), length(b)) >= 3 AND damerau_levenshtein(a, b) <= CASE WHEN least(length(a), length(b)) >= 4 THEN 2 ELSE 1 END;

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
            regexp_replace(lower(strip_accents(written)), '\b(piso|planta|puerta|pta|escalera|esc|apartment|apt|unit|suite|ste|no)\b', ' ', 'g'),
            '([0-9])[oa](\W+\w)', '\1 \2', 'g'
        ),
        '([0-9])\W+([0-9])', '\1x\2', 'g'
    )), '0'), '');

-- One name by two hands: one sound, or one slip of the pen; two in a long name.
CREATE OR REPLACE TEMP MACRO near_name(a, b, sound_a, sound_b) AS
    sound_a = sound_b
    OR abs(length(a) - length(b)) <= 2 AND least(length(a), length(b)) >= 4
        AND damerau_levenshtein(a, b) <= CASE WHEN least(length(a), length(b)) >= 8 THEN 2 ELSE 1 END;

-- `Mario` and `Maria`, `Luis` and `Luisa` are one letter apart, and two people.
CREATE OR REPLACE TEMP MACRO near_first_name(a, b, sound_a, sound_b) AS
    near_name(a, b, sound_a, sound_b) AND (a = b OR rtrim(a, 'aeio') <> rtrim(b, 'aeio'));

-- One figure wrong, two exchanged, or day and month exchanged; father and son are born further apart than ten years.
CREATE OR REPLACE TEMP MACRO near_birth(a, b) AS
    a = b
    OR abs(year(a) - year(b)) <= 10 AND damerau_levenshtein(strftime(a, '%Y%m%d'), strftime(b, '%Y%m%d')) <= 1
    OR year(a) = year(b) AND month(a) = day(b) AND day(a) = month(b);

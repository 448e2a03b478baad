-- purpose: How a name sounds, so that one written by ear or read badly by a machine meets the one on the passport.
-- Each letter of what is left stands for a sound: c before e and i is s, else k; z, x, s are one, so are b, v, w.
CREATE OR REPLACE TEMP MACRO sound_letters(name) AS
    translate(
        regexp_replace(
            regexp_replace(
                replace(replace(replace(replace(replace(translate(left(name, 40), '0125', 'olzs'),
                    'rn', 'm'), 'qu', 'k'), 'gu', 'g'), 'll', 'y'), 'ph', 'f'),
                'c([eiy])', 's\1', 'g'),
            'g([ei])', 'j\1', 'g'),
        'vzwxyqckh ', 'bsusikkk');

-- A letter said twice is written once.
CREATE OR REPLACE TEMP MACRO sound(name) AS
    nullif(array_to_string(list_filter(
        string_split(sound_letters(name), ''),
        lambda letter, place: place = 1 OR letter <> string_split(sound_letters(name), '')[place - 1]), ''), '');

"""How likely does each pair live together? Runs the steps from links to evidence; returns the pairs and the models.

Before: `persons`; after: `clusters`. Estimated twice: each pair for itself, then with what that says of third persons.
"""

from __future__ import annotations

from time import perf_counter

import pyarrow as pa

from hogar.households.mixture import Models
from hogar.households.pairs import closure, learnt, scored
from hogar.households.stages import CANDIDATES, EVIDENCE, FELLOWS, LINKS
from hogar.households.steps import Steps


def estimate(steps: Steps, frozen: Models | None) -> tuple[pa.Table, Models]:
    """Candidate pairs with evidence and probability, and the pairs that chains of likely ones bring together.

    With `frozen` models nothing is learnt.
    """
    steps.run(*LINKS, *CANDIDATES, *EVIDENCE)
    pairs = steps.read("FROM pair ORDER BY person_a, person_b")
    before = perf_counter()
    alone = frozen.alone if frozen else learnt(pairs)
    missing = closure(scored(pairs, alone))
    steps.note("estimate", len(pairs), before)
    steps.rename("candidate", "first_candidate")
    steps.keep("candidate", missing, perf_counter())
    if len(missing):
        steps.run(*EVIDENCE)
        pairs = pa.concat_tables([pairs, steps.read("FROM pair")])
    before = perf_counter()
    steps.keep("scored_pair", scored(pairs, alone), before)
    steps.run(*FELLOWS)
    pairs = steps.read(f"SELECT {', '.join(pairs.column_names)} FROM pair_among ORDER BY person_a, person_b")
    before = perf_counter()
    among = frozen.among if frozen else learnt(pairs)
    pairs = scored(pairs, among).combine_chunks()
    steps.keep("scored_pair", pairs, before)
    return pairs, Models(alone=alone, among=among)


def no_pairs(steps: Steps) -> pa.Table:
    """The pair table without a row: households are switched off."""
    steps.run(*LINKS, *CANDIDATES)
    steps.con.execute("DELETE FROM temp.candidate")
    steps.run(*EVIDENCE)
    before = perf_counter()
    pairs = scored(steps.read("FROM pair"), None)
    steps.keep("scored_pair", pairs, before)
    return pairs

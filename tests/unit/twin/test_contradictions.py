"""Do the silos contradict each other in ways that no operator's would? Asked of the canonical tables, clean of dirt."""

from __future__ import annotations

import pytest

from hogar.twin import generate

# Each gives the rows that cannot be.
IMPOSSIBLE = {
    "a contract signed by a minor": """
        from line l join person p on p.party_id = l.holder_party_id
        where l.kind <> 'mobile_prepaid' and p.birth_date + interval 18 year > l.started_on + 1""",
    "a bill after the line's end": """
        from bill b join line l using (line_id) where b.month > l.ended_on""",
    "use outside of a line's life": """
        from usage_day d join line l using (line_id) where d.day < l.started_on or d.day > l.ended_on""",
    "a top-up after the end": """
        from top_up t join line l using (line_id) where t."at"::date > l.ended_on""",
    "a consent before the customer": """
        from consent c join person p using (party_id) where c."at"::date < p.customer_since""",
    "a note about a line that did not exist": """
        from declaration d join line l using (line_id) where d."at"::date < l.started_on""",
    "an order that was done and brought nothing": """
        from "order" o where o.state = 'done'
        and not exists (from line_offer f where f.line_id = o.line_id and f.offer_id = o.offer_id)""",
    "a commitment renewed within the year, of which the past shows nothing": """
        from line l, clock where l.started_on < now::date - 366 and l.commitment_until > now::date + 366
        and not exists (from line_offer f where f.line_id = l.line_id and f.since > now::date - 366)""",
    "a commitment signed after the end": """
        from line l where l.commitment_until > l.ended_on + interval 24 month""",
    "advertising by a channel that was refused": """
        from contact k join consent c using (party_id, channel)
        where k.message_class = 'marketing' and c.purpose = 'marketing' and not c.granted""",
    "a phone before its release": """
        from device_use d where d.first_seen < d.released_on""",
    "an invoice far beyond what anybody lets happen": """
        from bill b where b.overage_cents > 10000""",
}


@pytest.fixture(scope="module", params=[1, 2])
def tables(request, params, mapped):
    return mapped(generate(2000, request.param, params.with_dirt(0.0)))


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_what_cannot_be_is_not(tables, what):
    """Nobody signs as a child, pays after the end, or orders what never comes."""
    found = tables.execute(f"select count(*) {IMPOSSIBLE[what]}").fetchone()[0]
    assert found == 0, f"{what}: {found}"

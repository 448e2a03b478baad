"""What does a person see who opens the server in a browser? One page: what this is, what is live, what to try.

Pure: values in, HTML out. No script, no image, no other host.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Hogar</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #222 }}
h1 {{ font-weight: 600 }} code, pre {{ background: #f4f4f2; border-radius: 4px }} code {{ padding: 0 .25em }}
pre {{ padding: .8rem; overflow-x: auto }} td {{ padding: .1rem 1.2rem .1rem 0; white-space: nowrap }}
.n {{ text-align: right }}
</style></head><body>
<h1>Hogar</h1>
<p>The household-aware next-best-action engine for telecom operators. This is its API: one decision for a household,
through the right person, with the reason. Here is no console yet; what you see is what the server knows of itself.</p>
{state}
<h2>Try it</h2>
<pre>{example}</pre>
<p>Then ask why, with the <code>decision</code> of the answer:</p>
<pre>curl -s {auth}{base}v1/decisions/DECISION/explanation</pre>
<p><a href="openapi.json">openapi.json</a> lists every call, <a href="metrics">metrics</a> is what Prometheus reads,
<a href="health">health</a> says whether something is published.</p>
</body></html>
"""


def page(
    *, base: str, person: str | None, live: Mapping[str, str], counts: Mapping[str, int], protected: bool
) -> str:
    """The page. `person` is somebody to try it with; None where the server is not open or nothing is published."""
    auth = '-H "Authorization: Bearer $HOGAR_API_KEY" ' if protected else ""
    body = f'{{"person": "{person or "PERSON"}", "channel": "web", "reason": "plans"}}'
    example = f"curl -s {auth}{base}v1/decisions \\\n  -H 'Content-Type: application/json' -d '{body}'"
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td><code>{escape(value[:16])}</code></td></tr>"
        for name, value in live.items()
    )
    rows += "".join(
        f'<tr><td>{escape(name)}</td><td class="n">{n:,}</td></tr>' for name, n in sorted(counts.items())
    )
    state = (
        f"<h2>Live now</h2><table>{rows}</table>"
        if live
        else "<p>Nothing is published yet: run <code>hogar build</code>.</p>"
    )
    return _PAGE.format(state=state, example=escape(example), auth=escape(auth), base=escape(base))

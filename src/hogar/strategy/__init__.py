"""What may we propose, to whom, why? An author's YAML files in, one immutable strategy out, or every problem at once.

`compile` reads texts (not paths), so it is pure; `check` gives the problems alone. `strategy_hash` names what was
read. `say` fills a treatment's template in. `cases` reads the authors' own tests. Below: `expr`, `telco`. Above:
`decide` lays a strategy out over a published profile, `build` reads the files and publishes.
"""

from hogar.strategy.compiling import check, compile, strategy_hash
from hogar.strategy.layout import decides
from hogar.strategy.lint import findings
from hogar.strategy.roles import profile_types
from hogar.strategy.say import MissingValue, say

__all__ = ["MissingValue", "check", "compile", "decides", "findings", "profile_types", "say", "strategy_hash"]

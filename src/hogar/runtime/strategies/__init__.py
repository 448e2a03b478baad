"""Which strategy decides, how did it come to be live, and how is that changed? One file an answer.

`rows` is how a strategy survives in the ledger, `fitting` whether it fits a profile version, `publishing` switches and
goes back, `reviews` waits for a second person, `controls` sets objective, levers and prices, `stopping` is the
emergency stop, `standing` lists them all, `comparing` says what is different, `audit` who did what. Each reads the
engine's ledger and either moves its pointers in one transaction or moves nothing. Before: `build` compiles the
project's files. After: `engine` meets the moved pointers at the next decision. Neighbours: `whatif` tries one out,
`api.steering` and `cli` call.
"""

from hogar.runtime.strategies.rows import Source, StrategyChanged, source_of, strategy_of, strategy_row

__all__ = ["Source", "StrategyChanged", "source_of", "strategy_of", "strategy_row"]

"""What do we know as numbers, from where, how much of it, how old? One card a feature and score.

`describe` reads the project's files and, where it has been built, what was known then; it returns a `Described` with a
`Card` each: aggregates, never a person. `catalogue_page` writes them as Markdown.

Reading order: `cards`, `page`. Neighbours: `readiness` asks the cards what is missing, `cli.catalogue` shows them.
"""

from hogar.build.catalogue.cards import Card, Described, describe
from hogar.build.catalogue.page import catalogue_page

__all__ = ["Card", "Described", "catalogue_page", "describe"]

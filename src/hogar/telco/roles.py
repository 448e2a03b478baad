"""Who does what in a family? The six roles that a proposal passes (seed 000)."""

from __future__ import annotations

ROLES: tuple[str, ...] = (
    "financial_controller",  # decides what is bought
    "legal_representative",  # signs the contract
    "office_manager",  # takes care of the paperwork
    "ict_agent",  # advises on technology and solves problems
    "salesperson",  # convinces the others
    "consumer",  # uses
)

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

MEANT = {
    "payer": "financial_controller", "buyer": "financial_controller", "decider": "financial_controller",
    "holder": "legal_representative", "owner": "legal_representative", "technician": "ict_agent", "user": "consumer",
}  # fmt: skip
"""What else people call them, for messages."""

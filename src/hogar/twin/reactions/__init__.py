"""What would they say? How people and families answer contacts, month by month, whatever asks them.

Nothing here multiplies one chance per role: a proposal passes a home by a bargain (`family`).
Read `reach`, `wishes`, `family`, `answers`, `month`, in this order; `hogar.twin.live` runs them.
"""

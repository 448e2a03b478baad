"""What exists in our world? The vocabulary that all rooms share: tables, features, roles, channels, profiles.

Reads nothing, returns nothing: types and names only. Every other room imports this one; it imports none.
"""

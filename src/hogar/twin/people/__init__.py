"""Who lives in this market, where, and who decides? People, homes, kin, workplaces, names, addresses, roles, tastes."""

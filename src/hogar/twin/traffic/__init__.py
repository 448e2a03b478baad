"""Who calls whom, from where, when? Ties, whereabouts, trips, and the records of each day."""

"""The people of a tenant as administrators see them: one set of rules for every way in."""

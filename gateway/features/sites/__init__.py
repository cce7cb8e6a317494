"""The sites of a tenant: one PBX each, and what is to be known of it."""

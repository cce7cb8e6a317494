"""A tenant's life: invited, active, suspended, exported, deleted, erased."""

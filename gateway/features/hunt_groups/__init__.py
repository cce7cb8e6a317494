"""Hunt groups: which of them the user takes calls of, kept by the PBX."""

"""People from a file: read, planned row by row, applied in batches, undone."""

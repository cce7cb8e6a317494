"""Bodies carried by INFO; pure."""

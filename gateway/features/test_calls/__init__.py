"""Calls that an administrator places to see that signalling and sound work, kept as proof."""

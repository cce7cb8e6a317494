"""Diagnostics that people send to whoever helps them: taken in, redacted, kept for a while."""

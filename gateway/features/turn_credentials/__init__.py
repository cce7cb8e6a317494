"""TURN credentials that live minutes (T6: no lasting secret in a browser)."""

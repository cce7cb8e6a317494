"""A second factor for accounts of our own: codes of an authenticator app, and recovery codes."""

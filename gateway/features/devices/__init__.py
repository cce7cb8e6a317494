"""The devices of a user, and which of them are reachable now."""

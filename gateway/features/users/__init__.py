"""The signed-in user: who one is, one's line, one's settings."""

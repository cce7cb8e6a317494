"""How people are seen, and what they say of it."""

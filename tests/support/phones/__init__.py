"""Real phones, each a process of its own, for interop and end-to-end tests."""

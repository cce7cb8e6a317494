"""The console: a page to operate the phones by hand, and the JSON API under it for tests."""

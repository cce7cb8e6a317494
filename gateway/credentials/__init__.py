"""Secrets and proofs: keys on disk, password hashes, API keys, tokens. No storage, no HTTP."""

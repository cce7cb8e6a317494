"""Passkeys (WebAuthn): signing in without a password."""

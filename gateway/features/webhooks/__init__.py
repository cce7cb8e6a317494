"""Signed HTTP calls to a tenant's own programs when something happens, from the outbox."""

"""The multi-tenant cloud gateway."""

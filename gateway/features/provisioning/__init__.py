"""Tenants, sites, users and lines come into being here."""

"""Contacts that are kept elsewhere, searched and named here: LDAP and Microsoft 365."""

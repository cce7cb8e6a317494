"""Signing in elsewhere: by a tenant's OpenID provider or by its LDAP directory."""

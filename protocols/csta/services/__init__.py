"""Requests and responses, one file per group of ECMA-269 services."""

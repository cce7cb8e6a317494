"""Digest and Bearer authentication, client and server side; pure."""

"""Sign-in with e-mail and password, sessions, access and refresh tokens."""

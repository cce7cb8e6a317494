"""A new e-mail address, confirmed by a code that was sent there."""

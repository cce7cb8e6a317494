"""Where a call rings first: what the gateway itself decides about a user's own devices."""

"""What a tenant demands of its people's sign-in."""

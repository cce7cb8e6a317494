"""Who is who in the tenant: search for people, and the name behind a number."""

"""Facts: tables, migrations, and the one way to them, which always names a tenant."""

"""What happens in a tenant, told to programs as it happens (Server-Sent Events)."""

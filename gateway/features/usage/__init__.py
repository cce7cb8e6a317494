"""What a tenant used, month by month: people, licences, calls, minutes."""

"""What operators and administrators announce: maintenance, updates, incidents."""

"""What a monitor reports."""

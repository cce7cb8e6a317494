"""What a connector fetches over HTTPS: its link session and its lines."""

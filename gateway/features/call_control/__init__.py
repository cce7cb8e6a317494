"""Call control by programs: an API key acts for a user of its tenant."""

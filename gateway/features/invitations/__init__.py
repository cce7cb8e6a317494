"""From the letter of invitation to the first session."""

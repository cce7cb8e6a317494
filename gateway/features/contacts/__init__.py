"""People outside of the company: a user's own contacts, and those that everybody shares."""

"""The way to a user's mailbox, and the lamp that says whether messages wait there."""

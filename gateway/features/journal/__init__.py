"""The call journal: written by the server from call events, also while nobody is signed in."""

"""Virtual phones and services: ends of calls whose media is our own."""

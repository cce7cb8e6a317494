"""Between the platform's CSTA and the one dialect of the link. Pure."""

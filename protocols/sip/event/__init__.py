"""SIP events (RFC 6665): subscriber and notifier cores, and the packages' bodies; pure."""

"""SIP without IO: messages, transactions, dialogs, registration (RFC 3261 and friends)."""

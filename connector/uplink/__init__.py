"""The link to the gateway: session token, two TLS flows, registration, back-off."""

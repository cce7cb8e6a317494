"""The link to customers' sites: SIP over TLS, trust bound to flows, status in layers."""

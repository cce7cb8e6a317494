"""Where the PBX sends calls on to: read from it and set at it, never only remembered here."""

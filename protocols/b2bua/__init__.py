"""Back-to-back user agent: two legs, one bridge. Pure; shared by connector, emulator, gateway."""

"""SIP towards the PBX, and the bridge between PBX and link."""

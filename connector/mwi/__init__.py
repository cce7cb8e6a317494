"""The voicemail lamp of every line: watched at the PBX, told up the link (RFC 3842)."""

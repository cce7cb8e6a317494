"""The PBX's control side: its CSTA link, and what it tells of every line."""

"""What the user's PBX and line offer now, beside what stands in each call's actions."""

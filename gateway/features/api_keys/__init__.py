"""API keys of sites: what a connector shows to get its session."""

"""The state of a site's connector, layer by layer, with advice; and its configuration."""

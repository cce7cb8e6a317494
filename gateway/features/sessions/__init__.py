"""Where one is signed in, signing out from afar, and proving again who one is."""

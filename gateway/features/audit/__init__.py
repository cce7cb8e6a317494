"""Every administrative act: who, what, when, from where, before and after."""

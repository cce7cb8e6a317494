"""Where larger parts of the gateway are put together for ``gateway/main.py``."""

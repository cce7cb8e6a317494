"""The measured figures. ``python -m bench [NAME ...]`` or ``make bench``."""

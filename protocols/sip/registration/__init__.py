"""Registrar and registration client cores; pure."""

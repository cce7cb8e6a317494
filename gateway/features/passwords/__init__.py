"""Passwords: their rules, changing one, and the letter for who has forgotten it."""

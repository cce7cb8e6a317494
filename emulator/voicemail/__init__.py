"""Voicemail: boxes that keep messages, the script that takes one, the menu, the message lamp."""

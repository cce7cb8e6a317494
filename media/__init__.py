"""The media plane, shared by gateway, connector and emulator."""

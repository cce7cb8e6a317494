"""`offhook demo`: gateway, connector and PBX emulator on one machine under one supervisor."""

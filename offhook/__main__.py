"""``python -m offhook`` is the command ``offhook``."""

from offhook.cli import app

app(prog_name="offhook")

"""What the terminal shows once the demo serves."""

from __future__ import annotations

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from offhook.demo.hints import hints
from offhook.demo.plan import OPERATOR, PROFILE, USERS, DemoPlan


def show_banner(plan: DemoPlan) -> None:
    """Addresses, sign-ins and what to try, on standard error."""
    where = Table.grid(padding=(0, 2))
    where.add_row("[bold]Open[/]", f"[bold]{plan.web}[/]")
    where.add_row("sign in as", ", ".join(USERS))
    where.add_row("password", f"[bold]{plan.password()}[/]")
    where.add_row("administration", f"{plan.web}/admin/ as {USERS[0]}")
    where.add_row("", f"or as {OPERATOR}, who runs the platform")
    where.add_row("API", f"{plan.web}/api/docs")
    where.add_row("from another machine", plan.secure_web)
    where.add_row("", f"its certificate is signed by {plan.ca.certificate}: import that first")
    where.add_row("desk phones", plan.console)
    pbx = f"127.0.0.1:{plan.ports.pbx} udp/tcp, :{plan.ports.pbx_tls} tls"
    where.add_row("real SIP phones", f"{pbx}; users 5101 to 5103, password: pbx in secrets.json")
    relay = ", ".join(plan.turn.urls("localhost")) if plan.turn else "none: coturn is not installed"
    where.add_row("TURN", relay)
    where.add_row("logs and state", str(plan.state))
    tries = Table.grid(padding=(0, 2))
    for hint in hints(PROFILE):
        tries.add_row(f"[bold]{hint.number}[/]", hint.name, hint.about)
    screen = Console(stderr=True)
    screen.print(Panel(where, title="Offhook demo", expand=False))
    screen.print(Panel(tries, title="Call", expand=False))
    screen.print("Ctrl-C stops everything.")

"""The configuration file of a site's connector: everything but the key and what only the site
knows. A string of JSON is one of TOML as well (TOML 1.0, "String")."""

from __future__ import annotations

import json

from gateway.storage.models import Site

FOLDER = "/etc/offhook"
FILE_NAME = "connector.toml"


def config_file(site: Site, public_url: str) -> str:
    codecs = json.dumps(site.codecs.split(","))
    return f"""\
# Offhook connector of {_comment(site.name)}
profile = {json.dumps(site.profile)}
instance_file = "/var/lib/offhook/instance"

[gateway]
url = {json.dumps(public_url)}
# The key itself, on one line of this file, readable by the connector alone. A new key is taken up
# from there without a restart.
api_key_file = "{FOLDER}/connector.key"

[pbx]
# The telephone system's address as seen from this machine: put yours here.
host = "192.0.2.10"
transport = "udp"
codecs = {codecs}

# The telephone system's CSTA link, if there is one: desk phones are shown and commanded by it.
# [control]
# port = 8800
"""


def install_command() -> str:
    """Asks for the key on the terminal: it is in no shell's history."""
    return (
        f"sudo install -d -m 700 {FOLDER} /var/lib/offhook && sudo mv {FILE_NAME} {FOLDER}/ && "
        f'sudo sh -c \'umask 077; printf "Key: "; read -r k; echo "$k" > '
        f"{FOLDER}/connector.key' && sudo offhook connector --config {FOLDER}/{FILE_NAME}"
    )


def _comment(text: str) -> str:
    return "".join(char for char in text if char.isprintable())

"""Which addresses of this machine a browser or a phone can be told."""

from __future__ import annotations

import ipaddress

import ifaddr


def machine_addresses() -> tuple[str, ...]:
    """IPv4 addresses that are neither loopback nor link-local; loopback if there is no other.

    Firefox does not connect to a loopback media address (measured), hence the preference.
    """
    found = [
        str(address.ip)
        for adapter in ifaddr.get_adapters()
        for address in adapter.ips
        if isinstance(address.ip, str)
    ]
    usable = [
        text
        for text in found
        if not (ip := ipaddress.ip_address(text)).is_loopback and not ip.is_link_local
    ]
    return tuple(usable) or ("127.0.0.1",)

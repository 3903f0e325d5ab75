"""Fronts (reverse proxies): trust in X-Forwarded-…, the host names of this site,
and the addresses it gives out.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from corpus.config import Settings
from corpus.errors import Problem

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)
_OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Fronts:
    """Trusted fronts: by address, or by their number in a row (whatever the peer)."""

    networks: tuple[Network, ...] = ()
    hops: int = 0

    def trusts(self, address: str) -> bool:
        """True if a front of ours has this address."""
        try:
            at = ipaddress.ip_address(address)
        except ValueError:
            return False
        at = getattr(at, "ipv4_mapped", None) or at
        return any(at in network for network in self.networks)


def fronts_of(settings: Settings) -> Fronts:
    """The setting; raises Problem("bad_value")."""
    given = settings.trusted_fronts.strip()
    if given.isdecimal():
        return Fronts(hops=min(int(given), 10))
    try:
        networks = tuple(
            ipaddress.ip_network(part.strip(), strict=False) for part in given.split(",") if part.strip()
        )
    except ValueError as error:
        why = "cần địa chỉ hoặc mạng, ví dụ 127.0.0.1,10.0.0.0/24, hoặc số chặng"
        raise Problem("bad_value", field="VANBAN_TRUSTED_FRONTS", value=given[:100], why=why) from error
    return Fronts(networks)


class BehindFronts:
    """WSGI middleware: the client's real address, scheme and host from trusted fronts; headers of others are
    dropped.
    """

    def __init__(self, app: WSGI, fronts: Fronts) -> None:
        self._app = app
        self._fronts = fronts

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        hops = self._hops(environ)
        if hops == 0:
            for name in _FORWARDED:
                environ.pop(name, None)
            return self._app(environ, start_response)
        # The nearest front tells scheme and host; of several values in a row those of the outermost trusted one.
        proto, host = (
            min(hops, len(environ.get(f"HTTP_X_FORWARDED_{name}", "").split(","))) for name in ("PROTO", "HOST")
        )
        return ProxyFix(self._app, x_for=hops, x_proto=proto, x_host=host)(environ, start_response)

    def _hops(self, environ: dict[str, Any]) -> int:
        """Number of trusted fronts that this request came through; 0 if its sender is none."""
        if self._fronts.hops:
            return self._fronts.hops
        if not self._fronts.trusts(environ.get("REMOTE_ADDR", "")):
            return 0
        claimed = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        hops = 1
        while hops < len(claimed) and self._fronts.trusts(claimed[-hops]):
            hops += 1
        return hops


def hosts_of(settings: Settings) -> tuple[str, ...]:
    """Host names of the site; empty: any."""
    given = tuple(name.strip() for name in settings.trusted_hosts.split(",") if name.strip())
    public = urlsplit(settings.public_url).hostname
    if not given and not public:
        return ()
    return (*given, *([public] if public else ()), *_OWN_NAMES)


def check_host(request: Request, hosts: tuple[str, ...]) -> None:
    """Raise Problem("wrong_host") for a request to a host name that isn't this site's."""
    if hosts and not host_is_trusted(request.host, hosts):
        raise Problem("wrong_host", host=request.host[:100])


def check_origin(request: Request, settings: Settings) -> None:
    """Raise Problem("other_site") for an unsafe request from a page of another site.

    Browsers send Sec-Fetch-Site (only over TLS and to this machine), else Origin; programs send neither.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise Problem("other_site", origin=(origin or site)[:100])
        return
    own = {request.host, urlsplit(settings.public_url).netloc}
    if origin is not None and urlsplit(origin).netloc not in own - {""}:
        raise Problem("other_site", origin=origin[:100])


def absolute(settings: Settings, endpoint: str, **values: Any) -> str:
    """Absolute address of this site, below the public address if that is set."""
    public = settings.public_url.rstrip("/")
    return public + url_for(endpoint, **values) if public else url_for(endpoint, **values, _external=True)

"""The way to an OpenSearch cluster: addresses, TLS, sign-in, and its refusals as coded problems."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from corpus.errors import Problem
from search.engines.base import BrokenIndex

MAJORS = (2, 3)
"""Major versions of the server that this program speaks with; 2.19 is the one that is tested."""
_SNIFFED_SECONDS = 60
"""Time after which a client that sniffs asks for the cluster's nodes again."""
_MOST_SAID = 200
"""Characters of a server's own words in a problem."""
_LOST = (
    "search_phase_execution_exception", "node_disconnected_exception", "node_not_connected_exception",
    "node_closed_exception", "connect_transport_exception", "receive_timeout_transport_exception",
    "send_request_transport_exception", "no_shard_available_action_exception", "unavailable_shards_exception",
    "cluster_manager_not_discovered_exception", "master_not_discovered_exception", "not_master_exception",
    "failed_to_commit_cluster_state_exception", "process_cluster_event_timeout_exception",
)  # fmt: skip
"""Kinds of errors of a cluster that has lost nodes, or is electing: some come with 500."""
_CONFLICTS = ("mapper_parsing_exception", "strict_dynamic_mapping_exception", "illegal_argument_exception")
"""Kinds of a refused document that show that the index has another mapping."""


@dataclass(frozen=True, slots=True)
class ClusterAccess:
    """Address and sign-in of a cluster, and the spread of an index over it."""

    addresses: tuple[str, ...]
    """`http[s]://host:port` of some nodes; one that is away is passed over."""
    user: str = ""
    password: str = ""
    ca_file: str = ""
    """Root certificates (PEM) that the servers are trusted by; empty: the machine's."""
    certificate: str = ""
    key: str = ""
    """Files of the client's certificate and its key; empty: none."""
    sniff: bool = False
    """True if the other nodes are asked for, and used."""
    seconds: float = 10.0
    """Longest wait for the answer to a search; commits may take six times that."""
    shards: int = 1
    replicas: int = 1


def connect(access: ClusterAccess, connection: Any = None) -> Any:
    """A client of the cluster; tests give `connection` in place of the network.

    Raises Problem("bad_value") without address, client library or a file that is named,
    Problem("search_version") for a server of another make or version, and what `refusals` raises.
    """
    if find_spec("opensearchpy") is None or not access.addresses:
        why = "cần phần mở rộng cluster (pip install 'vanban[cluster]') và VANBAN_OPENSEARCH_URL"
        raise Problem("bad_value", field="VANBAN_SEARCH_ENGINE", value="opensearch", why=why)
    import opensearchpy

    client = opensearchpy.OpenSearch(
        [_host(address) for address in access.addresses],
        connection_class=connection or opensearchpy.Urllib3HttpConnection,
        timeout=access.seconds,
        max_retries=max(2, len(access.addresses)),
        retry_on_timeout=True,
        # Pauses and what is tried again are this engine's own (bulk.py); a node that says 502 or 504 has a proxy
        # before it whose server is away.
        retry_on_status=(502, 504),
        **_signed_in(access),
    )
    with refusals():
        if access.sniff:
            # By itself the library asks while it is made, where a refusal looks like a wrong setting.
            client.transport.sniffer_timeout = _SNIFFED_SECONDS
            client.transport.sniff_on_connection_fail = True
            client.transport.sniff_hosts(True)
        _check_version(client.info())
    return client


def _signed_in(access: ClusterAccess) -> dict[str, Any]:
    for name, file in (
        ("VANBAN_OPENSEARCH_CA_FILE", access.ca_file), ("VANBAN_OPENSEARCH_CERTIFICATE", access.certificate),
        ("VANBAN_OPENSEARCH_KEY", access.key),
    ):  # fmt: skip
        if file and not Path(file).is_file():
            raise Problem("bad_value", field=name, value=file, why="không có tệp này")
    found: dict[str, Any] = {}
    if access.user:
        found["http_auth"] = (access.user, access.password)
    if any(urlsplit(address).scheme == "https" for address in access.addresses):
        found |= {"verify_certs": True, "ssl_show_warn": False}
        found |= {"ca_certs": access.ca_file} if access.ca_file else {}
        if access.certificate:
            found |= {"client_cert": access.certificate, "client_key": access.key or None}
    return found


def _host(address: str) -> dict[str, Any]:
    """One address as the library takes it; a name and password in it are kept."""
    try:
        parts = urlsplit(address)
        secure = parts.scheme == "https"
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(address)
        host: dict[str, Any] = {"host": parts.hostname, "port": parts.port or (443 if secure else 9200)}
    except ValueError as error:
        why = "cần địa chỉ dạng http://máy:9200, nhiều địa chỉ cách nhau bằng dấu phẩy"
        raise Problem("bad_value", field="VANBAN_OPENSEARCH_URL", value="…", why=why) from error
    host |= {"use_ssl": True} if secure else {}
    host |= {"url_prefix": parts.path.strip("/")} if parts.path.strip("/") else {}
    return host | ({"http_auth": f"{parts.username}:{parts.password or ''}"} if parts.username else {})


def _check_version(said: Any) -> None:
    version = said.get("version", {}) if isinstance(said, dict) else {}
    name, number = version.get("distribution", "elasticsearch"), str(version.get("number", "?"))
    major = number.partition(".")[0]
    if name != "opensearch" or not major.isdigit() or int(major) not in MAJORS:
        known = ", ".join(f"OpenSearch {one}" for one in MAJORS)
        raise Problem("search_version", found=f"{name} {number}", known=known)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the client raises into a coded problem; BrokenIndex only if the index is not there.

    Raises Problem("search_unreachable"), "search_partial" (shards without a node, no cluster manager),
    "search_unauthorised", "search_read_only" (a full disk), "search_busy", "search_mapping", "search_failed".
    """
    import opensearchpy

    try:
        yield
    except opensearchpy.ConnectionError as error:
        raise Problem("search_unreachable", why=str(error.info)[:_MOST_SAID]) from error
    except opensearchpy.TransportError as error:
        raise _refusal(error) from error


def _refusal(error: Any) -> Exception:
    """The problem that a reply with a status means."""
    status, kind, why = error.status_code, str(error.error), _reason(error.info)
    if status == 404 and kind in ("index_not_found_exception", "alias_not_found_exception"):
        return BrokenIndex(why)
    return problem_of(status if isinstance(status, int) else 0, kind, why)


def problem_of(status: int, kind: str, why: str) -> Problem:
    """The problem that the refusal of a request, or of one document of a bulk, means."""
    code = "search_failed"
    if kind == "cluster_block_exception" and status in (403, 429):
        code = "search_read_only"
    elif status in (401, 403):
        code = "search_unauthorised"
    elif status == 429:
        code = "search_busy"
    elif status == 503 or (status >= 500 and kind in _LOST):
        code = "search_partial"
    elif status == 400 and kind in _CONFLICTS:
        code = "search_mapping"
    elif status in (0, 502, 504):
        code = "search_unreachable"
    return Problem(code, status=status, why=f"{kind}: {why}"[:_MOST_SAID])


def _reason(info: Any) -> str:
    """The innermost words of a server's error."""
    told = info.get("error", info) if isinstance(info, dict) else info
    if not isinstance(told, dict):
        return str(told)
    causes = told.get("root_cause") or [told]
    return str(causes[0].get("reason", told.get("reason", "")))

"""Every setting once: its name, default and what it is for.

A Settings is a value that the command line and `create_app` make from the environment (`VANBAN_…`) and pass on;
nothing reads the environment by itself. docs/settings.md lists every setting; a test holds the two
together.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url

from corpus import plugins
from corpus.errors import Language

ENGINES = {
    "ocr_engine": (plugins.OCR, ("auto", "pytesseract", "tesserocr")),
    "search_engine": (plugins.SEARCH, ("auto", "whoosh", "tantivy", "opensearch")),
}
"""Setting → group of the plugins that it may name, and its built-in values."""


def standard_home() -> Path:
    """Folder of the store where no setting names one: `var` in a checkout, else the user's data folder (XDG)."""
    if all(Path(name).exists() for name in ("pyproject.toml", "corpus", "script/server")):
        return Path("var")
    given = os.environ.get("XDG_DATA_HOME", "")
    data = Path(given) if given.startswith("/") else Path.home() / ".local" / "share"
    return data / "vanban"


def unknown_names(names: Iterable[str]) -> dict[str, str]:
    """Names that look like settings and are none, each with the setting that it may mean ("" for none)."""
    known = {f"VANBAN_{name.upper()}" for name in Settings.model_fields}
    odd = [name for name in names if name.upper().startswith("VANBAN_") and name.upper() not in known]
    odd = [name for name in odd if not name.upper().startswith("VANBAN_TEST_")]
    return {name: next(iter(difflib.get_close_matches(name.upper(), known, 1, 0.8)), "") for name in sorted(odd)}


def _secret_folders() -> list[str]:
    """Folders whose files are settings, one a file (`vanban_database_password`): of containers and of systemd."""
    named = ("/run/secrets", os.environ.get("CREDENTIALS_DIRECTORY", ""))
    return [folder for folder in named if folder and Path(folder).is_dir()]


class Settings(BaseSettings):
    """The settings of one store; frozen."""

    model_config = SettingsConfigDict(
        env_prefix="VANBAN_", env_file=".env", extra="ignore", frozen=True, secrets_dir=_secret_folders() or None
    )

    home: Path = Field(
        default_factory=standard_home,
        description="Folder of the store: database, originals, index; not set: `var` in a checkout, elsewhere "
        "`$XDG_DATA_HOME/vanban` (`~/.local/share/vanban`).",
    )
    lang: Language = Field("vi", description="Language of messages and pages: vi or en.")
    database: str = Field("", description="SQLAlchemy address of the database; empty: SQLite in the home folder.")
    database_password: SecretStr = Field(
        SecretStr(""), description="Password of the database, where its address holds none."
    )
    database_seconds: float = Field(
        10.0, gt=0, le=60, description="Time that a writer waits for the database before it says that it is busy."
    )
    originals: str = Field(
        "", description="Where originals are kept: a folder, or s3://bucket/prefix; empty: in the home folder."
    )
    s3_endpoint: str = Field("", description="Address of the S3 server; empty: Amazon's own.")
    s3_region: str = Field("", description="Region of the bucket.")
    s3_access_key: str = Field("", description="Key for the bucket; empty: as boto3 finds it.")
    s3_secret_key: SecretStr = Field(SecretStr(""), description="The secret that goes with the key.")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Key that signs sessions; empty: made once and kept in the home folder."
    )
    host: str = Field("127.0.0.1", description="Address that `vanban serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `vanban serve` listens on.")
    web_workers: int = Field(2, ge=1, le=64, description="Processes that answer pages.")
    secure_cookies: bool = Field(False, description="Send cookies over TLS only; true behind an https front.")
    public_url: str = Field(
        "", description="Address that people see this site at, behind a front; empty: that of the request."
    )
    trusted_fronts: str = Field(
        "",
        description="Fronts whose X-Forwarded-… are believed: addresses or networks with commas, or how many "
        "stand in a row; empty: none.",
    )
    trusted_hosts: str = Field(
        "",
        description="Names that this site answers to, with commas; empty: that of public_url and this machine's "
        "own, or any where that is empty too.",
    )
    web_children: int = Field(
        0,
        ge=0,
        le=64,
        description="Children that draw pages for the web at a time; 0: as many as cores and memory allow.",
    )
    oidc_issuer: str = Field(
        "",
        description="Issuer of the identity provider to sign in at (OpenID Connect); empty: passwords only.",
    )
    oidc_client_id: str = Field("", description="What the provider knows this archive as.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="The secret that goes with it.")
    oidc_scope: str = Field("openid profile email", description="What the provider is asked for.")
    oidc_name_claim: str = Field("preferred_username", description="Claim that names the account.")
    oidc_role_claim: str = Field(
        "roles", description="Claim that holds the roles, one in another with dots: realm_access.roles."
    )
    oidc_roles: str = Field(
        "vanban-reader=reader,vanban-leader=leader,vanban-clerk=clerk,vanban-auditor=auditor,vanban-admin=admin",
        description="Which value of that claim is which role here; of several the mightiest.",
    )
    oidc_vouch_days: int = Field(
        90,
        ge=1,
        le=3650,
        description="Days after an account's last sign-in at the provider that its tokens and feeds go on.",
    )
    session_idle_minutes: int = Field(
        60,
        ge=5,
        le=720,
        description="Minutes without use after which a session ends; it ends after 12 hours anyway.",
    )
    second_factor_roles: str = Field(
        "",
        description="Roles that must sign in with a second factor (codes of an app on the phone), with commas: "
        "admin,clerk; empty: who wants it. Accounts of the identity provider are left to the provider.",
    )
    proof_minutes: int = Field(
        15,
        ge=1,
        le=720,
        description="Minutes after which changes to accounts, roles and groups ask for the present password "
        "again.",
    )
    token_days: int = Field(365, ge=1, le=3650, description="Longest life of a token for a program, in days.")
    max_upload_bytes: int = Field(104_857_600, ge=1, description="Largest file that is taken, in bytes.")
    max_pages: int = Field(2000, ge=1, description="Most pages that a file may have.")
    max_pixels: int = Field(180_000_000, ge=1, description="Most pixels that an image or rendered page may have.")
    child_memory_mb: int = Field(2048, ge=256, description="Memory that a reading child process may use, in MiB.")
    child_cpu_seconds: int = Field(600, ge=1, description="CPU time that a reading child may use, in seconds.")
    child_wall_seconds: int = Field(
        2700, ge=1, description="Time by the clock after which a reading child is ended, in seconds."
    )
    page_seconds: int = Field(
        60, ge=1, description="CPU time after which the OCR of one page is given up, in seconds."
    )
    watch_settle_seconds: float = Field(
        5.0,
        gt=0,
        le=3600,
        description="Time that a file in a watched folder stands still before it is taken; TIFF and text, which "
        "may still be added to, three times that.",
    )
    lease_seconds: int = Field(
        60, ge=1, description="Time after which the job of a silent worker goes to another."
    )
    max_attempts: int = Field(3, ge=1, description="Times that a job may be begun before it counts as failed.")
    audit_seal_file: str = Field(
        "",
        description="File that the head of the audit chain is written to; empty: audit.seals in the home folder.",
    )
    audit_seal_every: int = Field(
        100, ge=1, description="Audit rows between two seals of the chain's head; it is sealed each hour besides."
    )
    audit_seal_key_file: str = Field(
        "",
        description="File whose content keys the seals (16 bytes or more), kept where the database's writers "
        "can't read it; empty: no key.",
    )
    audit_seconds: float = Field(
        3.0,
        gt=0,
        le=60,
        description="Time that a page waits to note in the trail what somebody reads, before it says that the "
        "store is busy.",
    )
    ocr_engine: str = Field(
        "auto",
        description="OCR engine: pytesseract, tesserocr or a plugin's; auto: tesserocr where it is installed, "
        "else pytesseract.",
    )
    second_reader: Literal["auto", "off"] = Field(
        "auto", description="Second reader of numbers and dates beside OCR; auto: where its network is installed."
    )
    search_engine: str = Field(
        "auto",
        description="Search engine: whoosh, tantivy, opensearch or a plugin's; auto: Whoosh, and by itself "
        "Tantivy from 2,000 documents on.",
    )
    opensearch_url: str = Field(
        "",
        description="Addresses of nodes of the OpenSearch cluster, with commas, for search_engine=opensearch; one "
        "that is away is passed over.",
    )
    opensearch_user: str = Field("", description="Name to sign in with at the cluster; empty: none.")
    opensearch_password: SecretStr = Field(SecretStr(""), description="The password that goes with it.")
    opensearch_ca_file: str = Field(
        "", description="File of root certificates (PEM) that the cluster is trusted by; empty: the machine's."
    )
    opensearch_certificate: str = Field(
        "", description="File of the certificate (PEM) that this machine shows to the cluster; empty: none."
    )
    opensearch_key: str = Field("", description="File of that certificate's key; empty: in the same file.")
    opensearch_sniff: bool = Field(
        False,
        description="Ask the cluster for its other nodes and use them too; off where a front stands before it.",
    )
    opensearch_seconds: float = Field(
        10.0,
        gt=0,
        le=300,
        description="Longest wait for a search on the cluster; commits may take six times that.",
    )
    opensearch_shards: int = Field(
        1, ge=1, le=64, description="Shards of an index on the cluster; counts from the next vanban reindex."
    )
    opensearch_replicas: int = Field(
        1,
        ge=0,
        le=8,
        description="Copies of each shard beside the first, on other nodes; from the next vanban reindex.",
    )
    plugins: str = Field(
        "",
        description="Plugins for kinds of files and for fields, by name with commas; empty: none "
        "(docs/plugins.md).",
    )
    read_only: bool = Field(False, description="Refuse every change by page and API; people may only look.")
    signature_roots: str = Field(
        "",
        description="File or folder of root certificates (PEM or DER) that digital signatures are trusted by; "
        "empty: every issuer is unknown here.",
    )
    hook_url: str = Field(
        "", description="Address that «vanban hooks» posts each document to that goes on record; empty: none."
    )
    hook_secret_file: str = Field(
        "", description="File whose content signs what is posted to hook_url (16 bytes or more); empty: unsigned."
    )
    hook_command: str = Field(
        "",
        description="Command that «vanban hooks» runs for each document that goes on record, with the same JSON "
        "on its standard input; empty: none.",
    )
    due_soon_days: int = Field(
        2, ge=0, le=60, description="Working days before a deadline from which a hand-over counts as due soon."
    )
    smtp_host: str = Field("", description="Server that notices are mailed through; empty: no mail is sent.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection is secured: starttls, tls from the start, or none."
    )
    smtp_user: str = Field("", description="Account at the mail server; empty: none.")
    smtp_password: SecretStr = Field(SecretStr(""), description="The password that goes with it.")
    smtp_from: str = Field("", description="Address that notices come from; needed where smtp_host is set.")
    smtp_seconds: float = Field(10.0, gt=0, le=60, description="Time that the mail server may take for an answer.")
    digest_hour: int = Field(
        7, ge=0, le=23, description="Hour in Hà Nội from which the digest of a working day is mailed."
    )
    mail_host: str = Field("", description="IMAP server of the mailbox that `vanban mail watch` takes mails from.")
    mail_port: int = Field(993, ge=1, le=65535, description="Port of that server.")
    mail_tls: Literal["on", "starttls", "off"] = Field(
        "on",
        description="Encryption of that line: on (port 993), starttls (143), off for a server on this machine.",
    )
    mail_ca_file: str = Field(
        "", description="File of root certificates (PEM) that the mail server is trusted by; empty: the machine's."
    )
    mail_user: str = Field("", description="Name to sign in with at the mail server.")
    mail_password: SecretStr = Field(SecretStr(""), description="The password that goes with it.")
    mail_password_file: str = Field("", description="File with that password, in place of the setting.")
    mail_folder: str = Field("INBOX", description="Folder of the mailbox that is watched.")
    mail_done_folder: str = Field(
        "", description="Folder that taken mails are moved to; empty: they stay, marked as seen."
    )
    mail_failed_folder: str = Field(
        "", description="Folder that refused mails are moved to; empty: they stay, marked as seen and flagged."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least level that is logged."
    )

    @field_validator("home")
    @classmethod
    def _from_here(cls, folder: Path) -> Path:
        """Resolve a folder against the working directory at the start of the program."""
        return folder.absolute()

    @field_validator("ocr_engine", "search_engine")
    @classmethod
    def _known_engine(cls, name: str, info: ValidationInfo) -> str:
        group, own = ENGINES[str(info.field_name)]
        if name not in own and name not in plugins.names(group):
            raise ValueError(f"chỉ có {', '.join((*own, *plugins.names(group)))}")
        return name

    @field_validator("second_factor_roles")
    @classmethod
    def _known_roles(cls, names: str) -> str:
        known = ("reader", "leader", "clerk", "auditor", "admin")
        if odd := [name for one in names.split(",") if (name := one.strip()) and name not in known]:
            raise ValueError(f"{', '.join(odd)}: chỉ có {', '.join(known)}")
        return names

    @field_validator(
        "originals",
        "audit_seal_file",
        "audit_seal_key_file",
        "signature_roots",
        "hook_secret_file",
        "mail_ca_file",
        "opensearch_ca_file",
        "opensearch_certificate",
        "opensearch_key",
        "mail_password_file",
    )
    @classmethod
    def _place_from_here(cls, place: str) -> str:
        return str(Path(place).absolute()) if place and "://" not in place else place

    @property
    def database_url(self) -> URL:
        """The address in force; a folder's name may hold any letter,
        also those that mean something in an address.
        """
        if self.database:
            url, password = make_url(self.database), self.database_password.get_secret_value()
            return url.set(password=password) if password and url.password is None else url
        return URL.create("sqlite", database=str(self.home / "vanban.sqlite3"))

    def without_secrets(self) -> Settings:
        """A copy for who needs none of the keys, passwords and addresses that hold them."""
        secrets = {name: type(value)("") for name, value in self if isinstance(value, SecretStr)}
        return self.model_copy(update={**secrets, "database": "", "s3_access_key": "", "opensearch_url": ""})


def office_weights(home: Path) -> Path:
    """File of the weights that `vanban learn` accepted for a store, below its folder."""
    return home / "learned" / "digits.npz"


def office_head(home: Path) -> Path:
    """File of the second reader's last layer that `vanban learn` accepted for a store, below its folder."""
    return home / "learned" / "head.npz"

"""Every setting once: its name, default and what it is for.

A Settings is a value that the command line and `create_app` make from the environment (`VANBAN_…`) and pass on;
nothing reads the environment by itself. README lists every setting; a test holds the two together.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url

from corpus.errors import Language


class Settings(BaseSettings):
    """The settings of one store; frozen."""

    model_config = SettingsConfigDict(env_prefix="VANBAN_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(Path("var"), description="Folder of the store: database, originals, index.")
    lang: Language = Field("vi", description="Language of messages and pages: vi or en.")
    database: str = Field("", description="SQLAlchemy address of the database; empty: SQLite in the home folder.")
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
        description="Fronts whose X-Forwarded-… are believed: addresses or networks with commas, or how many stand in a row; empty: none.",
    )
    trusted_hosts: str = Field(
        "",
        description="Names that this site answers to, with commas; empty: that of public_url and this machine's own, or any where that is empty too.",
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
        "vanban-reader=reader,vanban-clerk=clerk,vanban-auditor=auditor,vanban-admin=admin",
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
    proof_minutes: int = Field(
        15,
        ge=1,
        le=720,
        description="Minutes after which changes to accounts, roles and groups ask for the present password again.",
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
        description="Time that a file in a watched folder stands still before it is taken; TIFF and text, which may still be added to, three times that.",
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
        description="File whose content keys the seals (16 bytes or more), kept where the database's writers can't read it; empty: no key.",
    )
    audit_seconds: float = Field(
        3.0,
        gt=0,
        le=60,
        description="Time that a page waits to note in the trail what somebody reads, before it says that the store is busy.",
    )
    ocr_engine: Literal["auto", "pytesseract", "tesserocr"] = Field(
        "auto", description="OCR engine; auto: tesserocr where it is installed, else pytesseract."
    )
    second_reader: Literal["auto", "off"] = Field(
        "auto", description="Second reader of numbers and dates beside OCR; auto: where its network is installed."
    )
    search_engine: Literal["whoosh", "tantivy", "opensearch"] = Field("whoosh", description="Search engine.")
    opensearch_url: str = Field("", description="Address of the OpenSearch server, for search_engine=opensearch.")
    signature_roots: str = Field(
        "",
        description="File or folder of root certificates (PEM or DER) that digital signatures are trusted by; empty: every issuer is unknown here.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least level that is logged."
    )

    @field_validator("home")
    @classmethod
    def _from_here(cls, folder: Path) -> Path:
        """A folder is meant from where the program was started, whoever opens it and wherever he stands then."""
        return folder.absolute()

    @field_validator("originals", "audit_seal_file", "audit_seal_key_file", "signature_roots")
    @classmethod
    def _place_from_here(cls, place: str) -> str:
        return str(Path(place).absolute()) if place and "://" not in place else place

    @property
    def database_url(self) -> URL:
        """The address in force; a folder's name may hold any letter, also those that mean something in an address."""
        if self.database:
            return make_url(self.database)
        return URL.create("sqlite", database=str(self.home / "vanban.sqlite3"))

    def without_secrets(self) -> Settings:
        """A copy for who needs none of the keys, passwords and addresses that hold them."""
        secrets = {name: type(value)("") for name, value in self if isinstance(value, SecretStr)}
        return self.model_copy(update={**secrets, "database": "", "s3_access_key": ""})


def office_weights(home: Path) -> Path:
    """Where the weights that `vanban learn` took for a store are kept, below its folder."""
    return home / "learned" / "digits.npz"

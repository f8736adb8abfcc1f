"""People who sign in, and the tokens of programs that act for them."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.accounts.permissions import Role, Scope
from directory.common.orm import Base, SemicolonList, Slug, UtcDateTime, choice


class User(Base):
    """Somebody with an account. A colleague in a service, never a victim."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        CheckConstraint("role <> 'provider' OR organisation_id IS NOT NULL", name="provider_has_organisation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    organisation_id: Mapped[str | None] = mapped_column(Slug(), ForeignKey("organisations.id"))
    area: Mapped[str] = mapped_column(String(60), default="", comment="The Basic Command Unit of an officer")
    password_hash: Mapped[str] = mapped_column(String(200), default="", comment="Argon2id; empty: cannot sign in")
    session_key: Mapped[str] = mapped_column(String(43), comment="Changing it ends every session of this person")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInAttempts(Base):
    """How often signing in with an address has failed lately from one network, whether or not it has an account.

    Counting both alike is what keeps a stranger from finding out who has an account.
    """

    __tablename__ = "sign_in_attempts"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True, comment="SHA-256 of address and network, in hex")
    email_digest: Mapped[str] = mapped_column(String(64), index=True, comment="SHA-256 of the address, in hex")
    failures: Mapped[int] = mapped_column(SmallInteger, comment="Since the last success or lock")
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiToken(Base):
    """A bearer token, kept as a hash: the token itself is shown once, when it is made."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256 of the token, in hex")
    scope_words: Mapped[tuple[str, ...]] = mapped_column("scopes", SemicolonList)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="raise")

    @property
    def scopes(self) -> frozenset[Scope]:
        """What this token may be used for."""
        return frozenset(Scope(word) for word in self.scope_words)

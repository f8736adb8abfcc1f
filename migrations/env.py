"""How migrations run: on the engine they are given, in one transaction of its own database."""

from typing import Any, Literal

from alembic import context

from directory.common.orm import SemicolonList, Slug, UtcDateTime
from directory.models import Base

# A migration must not change when our column types do: it is written in SQLAlchemy's own types.
PLAIN_TYPES = {
    UtcDateTime: "sa.DateTime(timezone=True)",
    Slug: "sa.String(length=80)",
    SemicolonList: "sa.Text()",
}


def render_item(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """How `alembic revision --autogenerate` writes one of our types."""
    return PLAIN_TYPES.get(type(item), False) if kind == "type" else False


engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_item=render_item)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()

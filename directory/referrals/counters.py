"""Adding to the counts that referrals leave behind."""

from collections.abc import Mapping

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.referrals.models import ReferralCount

_BATCH = 1_000


def add_counts(session: Session, counts: Mapping[tuple[str, str, str], int]) -> None:
    """Add to what has been counted, by month (`2026-11`), service id and measure; the caller commits.

    Noughts are left out: a count that is not there is none.
    """
    rows = [
        {"month": month, "service_id": service_id, "measure": measure, "count": count}
        for (month, service_id, measure), count in sorted(counts.items())
        if count
    ]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(ReferralCount)
    upsert = statement.on_conflict_do_update(
        index_elements=[ReferralCount.month, ReferralCount.service_id, ReferralCount.measure],
        set_={"count": ReferralCount.count + statement.excluded.count},
    )
    for start in range(0, len(rows), _BATCH):
        session.connection().execute(upsert, rows[start : start + _BATCH])

"""Reading the register of disclosure requests, with what its reader may not know left out."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accounts.permissions import Permission, Role, may
from directory.assurance.facts import DisclosureFacts, Organisation, Register, Whose, due_on, working_days_between
from directory.assurance.models import DisclosureRequest
from directory.audit.models import AuditEntry
from directory.catalogue import models as catalogue
from directory.common.actor import SYSTEM, Actor
from directory.common.clock import london_date
from directory.common.errors import NotFoundError


def read_register(session: Session, reader: Actor, now: datetime) -> Register:
    """The whole register as `reader` may see it, the latest request first; two statements."""
    rows = session.execute(
        select(DisclosureRequest, catalogue.Organisation.name)
        .outerjoin(catalogue.Organisation, catalogue.Organisation.id == DisclosureRequest.organisation_id)
        .order_by(DisclosureRequest.received_on.desc(), DisclosureRequest.id.desc())
    ).all()
    corrected = {row.corrects_id: row.id for row, _ in rows if row.corrects_id is not None}
    today = london_date(now)
    entries = tuple(_facts(row, name or "", corrected.get(row.id), reader, today) for row, name in rows)
    return Register(entries, _kept_since(session, entries, today))


def read_request(session: Session, number: int, reader: Actor, now: datetime) -> DisclosureFacts:
    """One entry. Raises NotFoundError."""
    row = session.get(DisclosureRequest, number)
    if row is None:
        raise NotFoundError("There is no such request in the register.")
    owner = session.get(catalogue.Organisation, row.organisation_id) if row.organisation_id else None
    corrected_by = session.scalar(select(DisclosureRequest.id).where(DisclosureRequest.corrects_id == row.id))
    return _facts(row, owner.name if owner else "", corrected_by, reader, london_date(now))


def organisations(session: Session) -> tuple[Organisation, ...]:
    """Those that a request can be about, by name."""
    rows = session.execute(select(catalogue.Organisation.id, catalogue.Organisation.name)).all()
    # Ordered here, because databases differ in how they order text.
    return tuple(sorted((Organisation(*row) for row in rows), key=lambda one: (one.name.casefold(), one.id)))


def _facts(row: DisclosureRequest, name: str, corrected_by: int | None, reader: Actor, today: date) -> DisclosureFacts:
    whose = _whose(row.organisation_id, reader)
    is_told = whose in (Whose.OWN, Whose.NAMED)
    return DisclosureFacts(
        number=row.id,
        received_on=row.received_on,
        requester=row.requester,
        subject=row.subject,
        basis=row.basis,
        whose=whose,
        organisation_id=(row.organisation_id or "") if is_told else "",
        organisation=name if is_told else "",
        summary=row.summary,
        decision=row.decision,
        answered_on=row.answered_on,
        corrects=row.corrects_id,
        corrected_by=corrected_by,
        recorded_at=row.recorded_at,
        days=working_days_between(row.received_on, row.answered_on or today),
        due_on=due_on(row.received_on),
    )


def _whose(organisation_id: str | None, reader: Actor) -> Whose:
    if organisation_id is None:
        return Whose.NOBODY
    if reader == SYSTEM or may(Role(reader.role), Permission.ASSURANCE_VIEW):
        return Whose.NAMED
    return Whose.OWN if organisation_id == reader.organisation_id else Whose.ANOTHER


def _kept_since(session: Session, entries: tuple[DisclosureFacts, ...], today: date) -> date:
    """Since when a request would stand here: the audit trail's first entry, or an older request entered since."""
    first = session.scalar(select(func.min(AuditEntry.at)))
    return min([london_date(first) if first else today, *(entry.received_on for entry in entries)])

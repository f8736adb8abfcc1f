"""The only way in which anything of a referral leaves: what each person may see of it, noted in the audit trail.

Who made a referral sees what was written, but not, once it is sent, how to reach the victim. The staff of the service
that was asked see it all, for as long as they are asked. Everybody else sees nothing, not even that it exists. None of
it names a unit to the referrer: that would tell what was needed. Nothing here returns more than one person's own
referrals, and nothing writes them out row by row (firewall, rules 3, 4 and 8).

Reading leaves a trace, so every function that shows content writes: begin for writing, and commit.
"""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from directory.accounts.colleagues import read_colleague
from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.models import Unit
from directory.catalogue.models import AccessFeature, Need, Organisation, Service
from directory.catalogue.vocabulary import ServiceKind
from directory.common.actor import Actor
from directory.common.languages import language_name
from directory.referrals.contact_keys import open_contact
from directory.referrals.keystore import Keystore
from directory.referrals.lifecycle import ASKED
from directory.referrals.models import Referral, ReferralStep
from directory.referrals.routing import last_asked
from directory.referrals.stored import load, party_of
from directory.referrals.turns import Standing, moves_of_time, standing
from directory.referrals.victims_code import clock_of
from directory.referrals.views import (
    ContentView,
    Line,
    MoveView,
    ProviderView,
    ReferrerView,
    ServiceName,
    StepView,
)
from directory.referrals.vocabulary import ChildBand, Party, ReferralState, StepState


def view_for_referrer(
    session: Session, keystore: Keystore, reference: str, actor: Actor, now: datetime
) -> ReferrerView:
    """What who made the referral may see of it now; noted in the audit trail.

    Raises NotFoundError for everybody else.
    """
    referral = load(session, reference)
    _require(session, referral, actor, Party.REFERRER)
    stands = standing(referral.state, referral.due_at, now)
    services = _services(session, [step.service_id for step in referral.steps])
    steps = tuple(_step(step, services[step.service_id], stands, now) for step in referral.steps)
    is_draft = stands.state is ReferralState.DRAFT
    view = ReferrerView(
        reference=referral.reference,
        standing=stands,
        content=_content(session, referral),
        consent_covers_plan=referral.consent_covers_plan,
        moves_on=referral.moves_on,
        code_clock=clock_of(referral.reported_on, referral.sent_at, now),
        created_at=referral.created_at,
        sent_at=referral.sent_at,
        steps=steps,
        next_step=next((step for step in steps if step.state is StepState.PLANNED), None),
        moves=_moves(referral, services, now),
        contact=open_contact(session, keystore, referral, now) if is_draft else None,
    )
    _shown(session, referral, actor, now, contact=view.contact is not None, content=True)
    return view


def view_for_provider(
    session: Session, keystore: Keystore, reference: str, actor: Actor, now: datetime
) -> ProviderView:
    """What the staff of the service that was asked may see now; noted in the audit trail.

    Raises NotFoundError for everybody else, and for the staff of a service that was asked before another.
    """
    referral = load(session, reference)
    _require(session, referral, actor, Party.PROVIDER)
    stands = standing(referral.state, referral.due_at, now)
    step = last_asked(referral)
    author = read_colleague(session, referral.author_id)
    is_theirs = stands.state in ASKED or stands.state is ReferralState.ACCEPTED
    view = ProviderView(
        reference=referral.reference,
        standing=stands,
        service=_services(session, [step.service_id])[step.service_id],
        unit_name=_unit_name(session, step) if is_theirs else None,
        deadline=step.deadline,
        sent_at=step.sent_at,
        referrer_name=author.name,
        referrer_role=author.role.value,
        referrer_area=author.area,
        referrer_email=author.email,
        content=_content(session, referral) if is_theirs else None,
        contact=open_contact(session, keystore, referral, now) if is_theirs else None,
    )
    _shown(session, referral, actor, now, contact=view.contact is not None, content=is_theirs)
    return view


def referrals_of(session: Session, actor: Actor, now: datetime) -> list[Line]:
    """The referrals that this person has made: those that wait for somebody first, the most urgent at the top."""
    return _lines(session, select(Referral).where(Referral.author_id == actor.user_id), now)


def inbox_of(session: Session, actor: Actor, now: datetime) -> list[Line]:
    """The referrals that the actor's organisation is asked to answer, or has said yes to: the most urgent first."""
    if actor.role != "provider":
        return []
    asked = (
        select(ReferralStep.referral_id)
        .join(Service, Service.id == ReferralStep.service_id)
        .where(
            Service.organisation_id == actor.organisation_id,
            ReferralStep.state.in_([StepState.WAITING, StepState.ACCEPTED]),
        )
    )
    lines = _lines(session, select(Referral).where(Referral.id.in_(asked)), now)
    return [line for line in lines if line.standing.state in ASKED or line.standing.state is ReferralState.ACCEPTED]


def _require(session: Session, referral: Referral, actor: Actor, party: Party) -> None:
    if party_of(session, referral, actor) is not party:
        party_of(session, referral, Actor(None, "nobody"))  # raises what everybody else gets


def _lines(session: Session, query: Select[Referral], now: datetime) -> list[Line]:
    referrals = session.scalars(query.options(selectinload(Referral.steps))).all()
    services = _services(session, [last_asked(referral).service_id for referral in referrals])
    lines = [
        Line(
            reference=referral.reference,
            standing=standing(referral.state, referral.due_at, now),
            service_name=services[last_asked(referral).service_id].name,
            created_at=referral.created_at,
            sent_at=referral.sent_at,
        )
        for referral in referrals
    ]
    waiting = sorted((line for line in lines if line.standing.turn), key=lambda line: (_by(line), line.reference))
    over = sorted((line for line in lines if not line.standing.turn), key=lambda line: line.created_at, reverse=True)
    return [*waiting, *over]


def _by(line: Line) -> datetime:
    return line.standing.turn.by if line.standing.turn else line.created_at


def _step(step: ReferralStep, service: ServiceName, stands: Standing, now: datetime) -> StepView:
    """A step as it is now, whatever was written down last."""
    state = step.state
    if state is StepState.WAITING and step.deadline is not None and step.deadline <= now:
        state = StepState.EXPIRED
    elif stands.turn is None and state in (StepState.PLANNED, StepState.ACCEPTED):
        state = StepState.ENDED
    return StepView(
        position=step.position,
        service=service,
        state=state,
        sent_at=step.sent_at,
        deadline=step.deadline,
        answered_at=step.answered_at,
        declined_by=step.declined_by,
        decline_reason=step.decline_reason,
    )


def _moves(referral: Referral, services: dict[str, ServiceName], now: datetime) -> tuple[MoveView, ...]:
    """The timeline. What time alone has done, and nobody has written down yet, is in it too."""
    names = {step.position: services[step.service_id].name for step in referral.steps}
    moves = [
        MoveView(one.at, one.state_after, one.moved_by, names.get(one.position or 0, "")) for one in referral.moves
    ]
    step = last_asked(referral)
    name = services[step.service_id].name if step.sent_at is not None else ""
    passed = moves_of_time(referral.state, referral.due_at, now)
    return (*moves, *(MoveView(at, state, Party.SYSTEM, name) for state, at in passed))


def _content(session: Session, referral: Referral) -> ContentView:
    return ContentView(
        needs=_names(session, Need, referral.needs),
        adults=referral.adults,
        children=tuple(ChildBand(word) for word in referral.children),
        language=language_name(referral.language) if referral.language else "",
        access_features=_names(session, AccessFeature, referral.access_features),
        risk=referral.risk,
        consent_how=referral.consent_how,
        consent_at=referral.consent_at,
        note=referral.note,
    )


def _names(session: Session, model: type[Need] | type[AccessFeature], codes: tuple[str, ...]) -> tuple[str, ...]:
    names = {row.code: row.name for row in session.execute(select(model.code, model.name).where(model.code.in_(codes)))}
    return tuple(names.get(code, code) for code in codes)


def _services(session: Session, ids: list[str]) -> dict[str, ServiceName]:
    rows = session.execute(
        select(Service.id, Service.name, Organisation.name, Service.phone, Service.professional_phone, Service.kind)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(Service.id.in_(ids))
    )
    return {row[0]: ServiceName(*row[:5], is_refuge=row[5] is ServiceKind.REFUGE) for row in rows}


def _unit_name(session: Session, step: ReferralStep) -> str | None:
    return session.scalar(select(Unit.name).where(Unit.id == step.unit_id)) if step.unit_id else None


def _shown(session: Session, referral: Referral, actor: Actor, now: datetime, *, contact: bool, content: bool) -> None:
    """Note which fields were shown to whom: names of fields, never what was in them."""
    shown = [item.name for item in fields(ContentView)] if content else []
    if contact:
        shown.append("safe_contact")
    record(
        session,
        Event.REFERRAL_SHOWN,
        actor.reference,
        now,
        referral=referral.reference,
        fields=[*shown, "timeline"] if contact or content else ["timeline"],
    )


__all__ = [
    "ContentView",
    "Line",
    "MoveView",
    "ProviderView",
    "ReferrerView",
    "ServiceName",
    "StepView",
    "inbox_of",
    "referrals_of",
    "view_for_provider",
    "view_for_referrer",
]

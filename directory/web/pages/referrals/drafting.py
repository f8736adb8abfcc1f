"""Writing a referral: one form, from a hold or a service, and one page to read it once more before it is sent."""

from dataclasses import replace
from datetime import timedelta

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.capacity.holds.errors import HoldKeptByReferralError, HoldOverError
from directory.capacity.holds.queries import read_hold
from directory.capacity.holds.service import unit_of_live_hold
from directory.capacity.queries import units_in_brief
from directory.catalogue.queries import ServiceFacts, read_service
from directory.common.errors import InvalidInputError, NotFoundError
from directory.extensions import begin_writing, current_session, written
from directory.referrals.privacy import view_for_referrer
from directory.referrals.service import (
    Draft,
    MoveRefusedError,
    NobodyToAskError,
    Option,
    ReferralState,
    change_draft,
    draft_referral,
    hold_of_draft,
    reachable,
    read_draft,
    send_referral,
)
from directory.search.choices import read_choices
from directory.web import current
from directory.web.access import requires
from directory.web.pages.help.marac import marac_texts, own_area
from directory.web.pages.referrals import filling, plans
from directory.web.pages.referrals.blueprint import blueprint
from directory.web.pages.referrals.contexts import ByPhonePage, NobodyPage
from directory.web.pages.referrals.forming import Setting, form_page, offer
from directory.web.pages.referrals.forms import ReferralForm
from directory.web.pages.referrals.presenting import check_page, held_in_words
from directory.web.rendering import render

LOST_PLAN = "This page was open for too long. Look at whom to ask once more"


@blueprint.post("/new")
@requires(Permission.REFERRALS_MAKE)
def begin() -> ResponseReturnValue:
    """The "Refer" buttons of results: on to the form, with the link of the search in the address, which is sealed."""
    service_id, link = request.form.get("service", ""), request.form.get("link", "")
    if not service_id.isprintable():
        raise NotFoundError("There is no such service.")
    service = read_service(current_session(), service_id)
    asked = link if plans.read_link(link)[0] else None
    return redirect(url_for("referrals.new_for_service", service_id=service.id, link=asked), 303)


@blueprint.get("/new/hold/<hold_id>", defaults={"link": ""})
@blueprint.get("/new/hold/<hold_id>/<link>")
@requires(Permission.REFERRALS_MAKE)
def new_from_hold(hold_id: str, link: str) -> ResponseReturnValue:
    """The form for the space that is held; what the search has answered is filled in."""
    try:
        return _new(_setting_of_hold(hold_id, link), link)
    except (HoldOverError, HoldKeptByReferralError):
        return redirect(url_for("holds.hold", hold_id=hold_id), 303)


@blueprint.post("/new/hold/<hold_id>", defaults={"link": ""})
@blueprint.post("/new/hold/<hold_id>/<link>")
@requires(Permission.REFERRALS_MAKE)
def write_from_hold(hold_id: str, link: str) -> ResponseReturnValue:
    """Store the draft. A hold that ran out while somebody was typing loses nothing that was typed."""
    form = ReferralForm()
    plan = plans.open_plan(form.sealed.data)
    try:
        setting = _setting_of_hold(hold_id, link)
    except (HoldOverError, HoldKeptByReferralError):
        if not plan:
            return redirect(url_for("holds.hold", hold_id=hold_id), 303)
        service = read_service(current_session(), plan[0].option.service_id)
        setting = Setting(service, plan[0].option, plan)
    return _write(form, setting, plan)


@blueprint.get("/new/service/<service_id>", defaults={"link": ""})
@blueprint.get("/new/service/<service_id>/<link>")
@requires(Permission.REFERRALS_MAKE)
def new_for_service(service_id: str, link: str) -> ResponseReturnValue:
    """The form for a service without units. For a refuge a space is held first."""
    service = read_service(current_session(), service_id)
    if service.is_refuge:
        return redirect(url_for("listings.service", service_id=service_id), 303)
    return _new(_setting_of_service(service, link), link)


@blueprint.post("/new/service/<service_id>", defaults={"link": ""})
@blueprint.post("/new/service/<service_id>/<link>")
@requires(Permission.REFERRALS_MAKE)
def write_for_service(service_id: str, link: str) -> ResponseReturnValue:
    """Store the draft."""
    service = read_service(current_session(), service_id)
    if service.is_refuge:
        return redirect(url_for("listings.service", service_id=service_id), 303)
    form = ReferralForm()
    return _write(form, _setting_of_service(service, link), plans.open_plan(form.sealed.data))


@blueprint.get("/<reference>/edit")
@requires(Permission.REFERRALS_MAKE)
def edit(reference: str) -> ResponseReturnValue:
    """The same form, with the draft in it."""
    session = current_session()
    begin_writing(session)
    try:
        draft = read_draft(session, current.keystore(), reference, current.actor(), current.now())
    except MoveRefusedError:
        return redirect(url_for("referrals.timeline", reference=reference), 303)
    session.commit()
    setting = _setting_of_draft(reference, draft)
    if setting is None:
        return _nobody(reference)
    choices = read_choices(session)
    form = ReferralForm(formdata=None)
    offer(form, setting, choices)
    filling.fill_from_draft(form, draft)
    if setting.gone:
        form.plan.data, form.consent_covers_plan.data, form.moves_on.data = None, False, False
    return render(form_page(form, setting, choices))


@blueprint.post("/<reference>/edit")
@requires(Permission.REFERRALS_MAKE)
def rewrite(reference: str) -> ResponseReturnValue:
    """Store the draft anew."""
    form = ReferralForm()
    session = current_session()
    begin_writing(session)
    try:
        draft = read_draft(session, current.keystore(), reference, current.actor(), current.now())
    except MoveRefusedError:
        return redirect(url_for("referrals.timeline", reference=reference), 303)
    session.commit()
    setting = _setting_of_draft(reference, draft)
    return _write(form, setting, plans.open_plan(form.sealed.data)) if setting else _nobody(reference)


@blueprint.get("/<reference>/check")
@requires(Permission.REFERRALS_MAKE)
def check(reference: str) -> ResponseReturnValue:
    """Check your answers: everything once more, how long the space is held, and one button."""
    session = current_session()
    begin_writing(session)
    now = current.now()
    view = view_for_referrer(session, current.keystore(), reference, current.actor(), now)
    until = hold_of_draft(session, reference, current.actor(), now)
    session.commit()
    if view.standing.state is not ReferralState.DRAFT:
        return redirect(url_for("referrals.timeline", reference=reference), 303)
    held = held_in_words(until, now, needed=view.steps[0].service.is_refuge)
    response = render(check_page(view, held, (marac_texts()[0], own_area()), now))
    if until is not None:
        # When the hold runs out the page says so by itself; nothing is being typed here.
        response.headers["Refresh"] = str((until - now) // timedelta(seconds=1) + 1)
    return response


@blueprint.post("/<reference>/send")
@requires(Permission.REFERRALS_MAKE)
def send(reference: str) -> ResponseReturnValue:
    """Send it to the first service of the plan that can be asked; a second tap changes nothing.

    What the database broke off, as two who wait for each other's rows, is done again.
    """
    session = current_session()

    def work() -> None:
        begin_writing(session)
        send_referral(session, current.keystore(), reference, current.actor(), current.moment())
        session.commit()

    try:
        written(session, work)
    except NobodyToAskError:
        return _nobody(reference, can_choose=True)
    except MoveRefusedError:
        session.rollback()
    return redirect(url_for("referrals.timeline", reference=reference), 303)


def _nobody(reference: str, *, can_choose: bool = False) -> Response:
    """Nothing was sent and nothing is lost: whom to phone, and how to choose another where there is one."""
    session = current_session()
    begin_writing(session)
    view = view_for_referrer(session, current.keystore(), reference, current.actor(), current.now())
    session.commit()
    services = tuple(step.service for step in view.steps)
    return render(NobodyPage(reference, can_choose, services), 409)


def _new(setting: Setting, link: str) -> Response:
    if not reachable(current_session(), [setting.service.id]):
        return render(ByPhonePage(setting.service, setting.first.unit_id is not None))
    choices = read_choices(current_session())
    form = ReferralForm(formdata=None)
    offer(form, setting, choices)
    filling.fill_from_search(form, plans.read_link(link)[0], current.now())
    return render(form_page(form, setting, choices))


def _write(form: ReferralForm, setting: Setting, plan: plans.Plan) -> ResponseReturnValue:
    """Store what the form says, as a new draft or in place of the old one; with mistakes, show it again."""
    session, moment = current_session(), current.moment()
    shown = replace(setting, plan=plan or setting.plan)
    choices = read_choices(session)
    offer(form, shown, choices)
    form.service_phone = setting.service.professional_phone or setting.service.phone
    found = filling.read(session, form, choices)
    if not plan:
        form.plan.errors = [LOST_PLAN]
    if found is None or not plan:
        return render(form_page(form, shown, choices))
    written = (*found, filling.chosen(form, plan), moment)
    begin_writing(session)
    try:
        reference = setting.reference
        if reference:
            change_draft(session, current.keystore(), reference, current.actor(), *written)
        else:
            reference = draft_referral(session, current.keystore(), current.actor(), *written)
        session.commit()
    except MoveRefusedError:
        session.rollback()
        return redirect(url_for("referrals.timeline", reference=setting.reference), 303)
    except InvalidInputError as error:
        session.rollback()
        form.show(error.problems)
        return render(form_page(form, shown, choices))
    return redirect(url_for("referrals.check", reference=reference), 303)


def _setting_of_hold(hold_id: str, link: str) -> Setting:
    """Raises HoldOverError, HoldKeptByReferralError, and NotFoundError where it is not this person's hold."""
    session, now = current_session(), current.now()
    unit_id, service_id = unit_of_live_hold(session, hold_id, current.actor(), now)
    service = read_service(session, service_id)
    criteria = plans.read_link(link)[1]
    return Setting(
        service=service,
        first=Option(service_id, unit_id),
        plan=plans.plan_for_unit(service, unit_id, criteria),
        held_until=read_hold(session, hold_id, current.user_id(), now).expires_at,
        knows_search=criteria is not None,
        ask_for=("hold", hold_id),
    )


def _setting_of_service(service: ServiceFacts, link: str) -> Setting:
    criteria = plans.read_link(link)[1]
    plan = plans.plan_for_service(service, criteria)
    return Setting(service, Option(service.id), plan, knows_search=True, ask_for=("service", service.id))


def _setting_of_draft(reference: str, draft: Draft) -> Setting | None:
    """What stands around a draft. Where its first space has gone, what could be asked instead; None where nothing."""
    session, first = current_session(), draft.plan[0]
    service = read_service(session, first.service_id, drafts=True)
    unit_id, is_there, knows_search = first.unit_id, True, False
    if unit_id is not None and draft.held_until is None:
        is_there = any(unit.available for unit in units_in_brief(session, [unit_id], current.moment()))
    if unit_id is not None and not is_there:
        plan = plans.plan_instead_of(unit_id)
    elif len(draft.plan) > 1:
        plan, knows_search = plans.plan_as_written(draft.plan), True
    elif unit_id is not None:
        plan = plans.plan_for_unit(service, unit_id, None)
    else:
        plan, knows_search = plans.plan_for_service(service, None), True
    if not plan:
        return None
    return Setting(service, first, plan, draft.held_until, reference=reference, knows_search=knows_search)

"""The firewall, rule 1: nothing holds who a victim is, where she comes from or what her status is.

A name that smells of it fails here unless it stands on a list below with the reason why it is about something else.
Before you add to a list, ask: could anybody, on any day, fill this with a fact about a victim?
"""

from pathlib import Path

import pytest
from sqlalchemy import Column, Enum, Integer, MetaData, String, Table
from wtforms import StringField

from directory.api.openapi import description
from directory.factory import create_app
from directory.models import Base
from directory.paths import ROOT
from directory.web.forms import BaseForm
from tests.support.identity import columns, form_fields, log_keys, schema_fields, smells, stored_words, unexpected

PLACE = "a public fact about a place of the gazetteer"
LISTING = "a public fact about an organisation or a service"
COLLEAGUE = "a colleague who has an account"
UNIT = "a property of a unit, set by its provider"
COLUMNS = {
    "access_features.name": "a term of a taxonomy",
    "communities.name": "a term of a taxonomy",
    "needs.name": "a term of a taxonomy",
    "boroughs.latitude": PLACE,
    "boroughs.longitude": PLACE,
    "boroughs.name": PLACE,
    "named_places.latitude": PLACE,
    "named_places.longitude": PLACE,
    "named_places.name": PLACE,
    "postcode_sectors.country": PLACE,
    "postcode_sectors.latitude": PLACE,
    "postcode_sectors.longitude": PLACE,
    "postcodes.latitude": PLACE,
    "postcodes.longitude": PLACE,
    "postcodes.postcode": PLACE,
    "organisations.email": LISTING,
    "organisations.name": LISTING,
    "programmes.name": LISTING,
    "proposals.comment": "what a commissioner says of a change to a listing; screened before it is stored",
    "organisations.phone": LISTING,
    "services.name": LISTING,
    "services.phone": LISTING,
    "services.professional_phone": LISTING,
    "services.referral_email": LISTING,
    "services.postcode": "of a service whose location is public: the database refuses any other",
    "services.latitude": "of that postcode",
    "services.longitude": "of that postcode",
    "services.accepts_nrpf": LISTING,
    "services.max_age": "whom the service is for",
    "services.min_age": "whom the service is for",
    "service_genders.gender": "whom the service is for",
    "service_languages.language": "what the service's workers speak",
    "units.boys_max_age": UNIT,
    "units.name": "a unit's name, as its provider calls it",
    "edition_files.name": "what a file of an edition is called, such as `edition.pdf`",
    "editions.note": "what a commissioner says of an edition; screened before it is stored",
    "outbox_messages.address": "a colleague's account or a service's listing; nobody else is written to",
    "service_contacts.address": "where a service's own colleagues are reminded",
    "referrals.language": "for the worker or interpreter to get ready; it does not say where she is from",
    "referrals.note": "only what the screen of free text let pass (rule 5); forgotten with the referral (rule 10)",
    "sign_in_attempts.email_digest": COLLEAGUE,
    "users.email": COLLEAGUE,
    "users.name": COLLEAGUE,
}
WORDS = {
    "disclosure_requests.requester=immigration_enforcement": "which sort of body asked; no person is named",
    "disclosure_requests.requester=other_home_office": "which sort of body asked; no person is named",
    "disclosure_requests.subject=address": "what was asked for; what the answer was is kept as a word alone",
    "outbox_messages.channel=email": "how a message travels",
    "service_contacts.channel=email": "how a service's own colleagues are reminded",
    "referral_steps.declined_by=survivor": "who said no, not who she is",
    "referrals.consent_how=by_phone": "how she said yes, not her number",
    "services.kind=immigration_advice": "a kind of service",
    "units.ringfence=nrpf": "for whom a unit is funded; it belongs to the unit",
}
SAFE_CONTACT = "sealed with a key of the referral's own, which is destroyed when it ends (rule 4)"
QUESTION = "a question to the catalogue: answered, and kept nowhere"
FORM_FIELDS = {
    "HouseholdForm.nrpf": "asks for a place that does not depend on public funds; kept nowhere",
    "AnswerForm.comment": "what a commissioner says of a change to a listing; screened before it is stored",
    "CorrectForm.note": "what a commissioner says of an edition; screened before it is stored",
    "DraftForm.note": "what a commissioner says of an edition; screened before it is stored",
    "ContactsForm.first_address": "where a service's own colleagues are reminded",
    "ContactsForm.second_address": "where a service's own colleagues are reminded",
    "ProgrammeForm.name": "what a contract is called; it may not tell for whom units are funded",
    "ReferralForm.address": SAFE_CONTACT,
    "ReferralForm.alias": SAFE_CONTACT,
    "ReferralForm.language": "which worker or interpreter the service should have ready",
    "ReferralForm.note": "screened before it is stored (rule 5)",
    "ReferralForm.voicemail_ok": SAFE_CONTACT,
    "SearchForm.age": QUESTION,
    "SearchForm.gender": QUESTION,
    "SearchForm.language": QUESTION,
    "SearchForm.nrpf": "asks for a place that does not depend on public funds; kept nowhere",
    "SignInForm.email": COLLEAGUE,
}
PUBLIC_PLACE = "where a service is that is open to the public; the database refuses it of any other"
API_FIELDS = {
    "Question.age": QUESTION,
    "Question.gender": QUESTION,
    "Question.language": QUESTION,
    "Question.nrpf": "asks for a place that does not depend on public funds; kept nowhere",
    "OrukLocation.addresses": PUBLIC_PLACE,
    "OrukLocation.name": PUBLIC_PLACE,
    "addresses.address_1": PUBLIC_PLACE,
    "addresses.address_type": PUBLIC_PLACE,
    "addresses.country": PUBLIC_PLACE,
    "addresses.postal_code": PUBLIC_PLACE,
    "OrukOrganization.email": LISTING,
    "OrukOrganization.name": LISTING,
    "OrukOrganization.phones": LISTING,
    "OrukService.email": LISTING,
    "OrukService.languages": LISTING,
    "OrukService.maximum_age": "whom the service is for",
    "OrukService.minimum_age": "whom the service is for",
    "OrukService.name": LISTING,
    "OrukService.phones": LISTING,
    "OrukTaxonomy.name": "a taxonomy",
    "OrukTerm.name": "a term of a taxonomy",
    "get?maximum_age": "asks for services that are for people of some age; kept nowhere",
    "get?minimum_age": "asks for services that are for people of some age; kept nowhere",
    "languages.name": "what the service's workers speak",
    "schedules.notes": "when the service is open",
    "service_areas.name": PLACE,
    "Tally.confirm_by_phone_units": "a count of units",
    "Unit.confirm_by_phone": "how sure the unit's entry is",
    "boroughs.confirm_by_phone_units": "a count of units",
    "boroughs.name": PLACE,
    "errors.message": "what is wrong with a field of the request",
    "oneOf.name": PLACE,
    "organisation.name": LISTING,
    "organisation.phone": LISTING,
    "service.languages": LISTING,
    "service.name": LISTING,
    "service.phone": LISTING,
    "service.professional_phone": LISTING,
    "service.referral_email": LISTING,
    "services.confirm_by_phone_units": "a count of units",
    "services.name": LISTING,
}
# All that a line of the log may hold besides its event, level and time (firewall, rule 9).
LOG_KEYS = {"request_id", "method", "route", "status", "ms", "client", "error", "causes", "steps"}

# Forms exist once their pages are imported, which the factory does.
assert create_app

FOUND = {
    "column": (lambda: columns(Base.metadata), COLUMNS),
    "stored word": (lambda: stored_words(Base.metadata), WORDS),
    "form field": (lambda: form_fields(BaseForm), FORM_FIELDS),
    "API field": (lambda: schema_fields(description()), API_FIELDS),
}


@pytest.mark.parametrize("kind", FOUND)
def test_nothing_holds_a_victims_identity(kind: str) -> None:
    find, allowed = FOUND[kind]

    assert unexpected(find(), allowed) == [], f"a {kind} that could hold a fact about a victim"


@pytest.mark.parametrize("kind", FOUND)
def test_the_list_of_what_may_be_there_is_exact(kind: str) -> None:
    find, allowed = FOUND[kind]

    assert set(allowed) - set(find()) == set(), f"no such {kind} any more: take it off the list"


def test_the_log_has_no_room_for_it() -> None:
    keys = {entry.rpartition(":")[2] for entry in log_keys(ROOT / "directory")}

    assert keys, "no log call was found: the check looks in the wrong place"
    # `**` is `describe_failure`, whose keys are on the list.
    assert keys - {"**"} <= LOG_KEYS


@pytest.mark.parametrize(
    "name",
    [
        *(
            "first_name",
            "clientName",
            "full-name",
            "surname",
            "victim_id",
            "survivor",
            "dob",
            "date_of_birth",
            "born_on",
        ),
        *("nationality", "country_of_birth", "ethnicity", "religion", "immigration_status", "visa_type", "passport"),
        *("nrpf", "has_nrpf", "home_office_ref", "nhs_number", "ni_number", "national_insurance", "crime_ref"),
        *("crimeReference", "cad_number", "home_address", "street", "postcode", "phone", "mobile_number", "notes"),
        *("date_of_birth", "case_reference", "language", "gender", "age", "migrant", "brp_number", "perpetrator_id"),
    ],
)
def test_names_that_smell_are_smelt(name: str) -> None:
    assert smells(name)


@pytest.mark.parametrize("name", ["id", "status", "bedspaces", "page", "stage", "usage", "scopes", "need"])
def test_names_that_do_not_smell_pass(name: str) -> None:
    assert not smells(name)


def test_the_check_bites_on_columns_and_their_words() -> None:
    metadata = MetaData()
    Table(
        "holds",
        metadata,
        Column("id", Integer),
        Column("client_name", String),
        Column("reason", Enum("no_recourse", "immigration_status", native_enum=False)),
    )

    assert unexpected(columns(metadata), {}) == ["holds.client_name"]
    assert unexpected(stored_words(metadata), {}) == ["holds.reason=immigration_status"]


def test_the_check_bites_on_form_fields() -> None:
    class Base:
        pass

    class HoldForm(Base):
        unit = StringField()
        nationality = StringField()

    assert HoldForm.unit
    assert unexpected(form_fields(Base, package="tests"), {}) == ["HoldForm.nationality"]


def test_the_check_bites_on_the_api() -> None:
    document = {
        "components": {"schemas": {"Hold": {"properties": {"unit_id": {}, "victim": {"properties": {"dob": {}}}}}}},
        "paths": {"/holds": {"get": {"parameters": [{"name": "crime_ref"}]}}},
    }

    assert unexpected(schema_fields(document), {}) == ["Hold.victim", "get?crime_ref", "victim.dob"]


def test_the_check_bites_on_the_log(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('structlog.get_logger().info("search", near=place, nrpf=True)\n')

    assert [entry.rpartition(":")[2] for entry in log_keys(tmp_path)] == ["near", "nrpf"]

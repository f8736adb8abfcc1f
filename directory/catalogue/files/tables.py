"""The catalogue's own files, in the order in which they are loaded: taxonomies, organisations, services, figures."""

from typing import cast

from sqlalchemy import Table

from directory.catalogue import models
from directory.catalogue.files import cells, contact_cells
from directory.catalogue.files.description import AREAS, BOROUGHS, Cell, Column, FileTable, ListStore, Removal
from directory.catalogue.files.service_rules import SERVICE_RULES, locate_services
from directory.catalogue.versions.models import ListingKind
from directory.catalogue.vocabulary import AcceptsNrpf, Gender, ListingStatus, LocationDisclosure, ServiceKind
from directory.common.orm import Base

NEEDS_FILE = "taxonomies/needs.csv"
COMMUNITIES_FILE = "taxonomies/communities.csv"
ACCESS_FEATURES_FILE = "taxonomies/access_features.csv"
ORGANISATIONS_FILE = "organisations.csv"
SERVICES_FILE = "services.csv"
PERFORMANCE_FILE = "performance.csv"

STATUS = cells.choice_of(list(ListingStatus))
CODES = cells.list_of(cells.CODE)
MINUTES_IN_A_YEAR = 525_600
OLDEST = 120


def table_of(model: type[Base]) -> Table:
    """The table behind a model, as Core statements want it."""
    return cast(Table, model.__table__)


def codes(name: str, table: Table, owner: str, item: str, refers_to: str, cell: Cell = CODES) -> Column:
    """A column whose list is kept in `table`, each item a code of `refers_to`."""
    return Column(name, cell, stored=ListStore(table, owner, item), refers_to=refers_to)


def _taxonomy(file: str, noun: str, model: type[Base]) -> FileTable:
    return FileTable(
        file=file,
        noun=noun,
        table=table_of(model),
        key=("code",),
        parent="parent",
        columns=(
            Column("code", cells.IDENTIFIER, required=True),
            Column("name", cells.LINE, required=True),
            Column("definition", cells.PARAGRAPHS),
            Column("synonyms", cells.list_of(cells.LINE)),
            Column("parent", cells.optional(cells.CODE), stored="parent_code", refers_to=file),
        ),
    )


NEEDS = _taxonomy(NEEDS_FILE, "need", models.Need)
COMMUNITIES = _taxonomy(COMMUNITIES_FILE, "community", models.Community)
ACCESS_FEATURES = _taxonomy(ACCESS_FEATURES_FILE, "access feature", models.AccessFeature)

ORGANISATIONS = FileTable(
    file=ORGANISATIONS_FILE,
    versioned_as=ListingKind.ORGANISATION,
    noun="organisation",
    table=table_of(models.Organisation),
    removal=Removal.MARK,
    removed_as={"status": ListingStatus.WITHDRAWN},
    columns=(
        Column("id", cells.SLUG, required=True),
        Column("name", cells.LINE, required=True),
        Column("description", cells.PARAGRAPHS),
        Column("by_and_for", cells.YES_NO, required=True),
        codes("communities", models.organisation_communities, "organisation_id", "community_code", COMMUNITIES_FILE),
        Column("website", contact_cells.WEBSITE),
        Column("phone", contact_cells.PHONE),
        Column("email", contact_cells.EMAIL),
        Column("charity_number", cells.LINE),
        Column("status", STATUS, required=True),
        Column("verified_on", cells.DAY),
        Column("source", contact_cells.SOURCE),
    ),
)

SERVICES = FileTable(
    file=SERVICES_FILE,
    versioned_as=ListingKind.SERVICE,
    noun="service",
    table=table_of(models.Service),
    owner="organisation_id",
    removal=Removal.MARK,
    removed_as={"status": ListingStatus.WITHDRAWN},
    rules=SERVICE_RULES,
    prepare=locate_services,
    columns=(
        Column("id", cells.IDENTIFIER, required=True),
        Column("organisation_id", cells.CODE, required=True, refers_to=ORGANISATIONS_FILE),
        Column("name", cells.LINE, required=True),
        Column("kind", cells.choice_of(list(ServiceKind)), required=True),
        Column("description", cells.PARAGRAPHS),
        Column(
            "needs",
            CODES,
            required=True,
            stored=ListStore(models.service_needs, "service_id", "need_code"),
            refers_to=NEEDS_FILE,
        ),
        codes("communities", models.service_communities, "service_id", "community_code", COMMUNITIES_FILE),
        Column(
            "languages",
            cells.list_of(contact_cells.LANGUAGE),
            stored=ListStore(table_of(models.ServiceLanguage), "service_id", "language"),
        ),
        Column(
            "genders",
            cells.list_of(cells.choice_of(list(Gender))),
            stored=ListStore(table_of(models.ServiceGender), "service_id", "gender"),
        ),
        Column("min_age", cells.whole_number(0, OLDEST)),
        Column("max_age", cells.whole_number(0, OLDEST)),
        Column("accepts_nrpf", cells.choice_of(list(AcceptsNrpf))),
        codes("areas", table_of(models.ServiceArea), "service_id", "area", AREAS),
        Column("location_disclosure", cells.choice_of(list(LocationDisclosure)), required=True),
        Column("postcode", contact_cells.POSTCODE),
        Column("latitude", cells.DEGREES, hidden=True),
        Column("longitude", cells.DEGREES, hidden=True),
        Column("borough", cells.optional(cells.CODE), stored="borough_code", refers_to=BOROUGHS),
        codes(
            "access_features",
            models.service_access_features,
            "service_id",
            "feature_code",
            ACCESS_FEATURES_FILE,
        ),
        Column("hours", contact_cells.HOURS),
        Column("phone", contact_cells.PHONE),
        Column("professional_phone", contact_cells.PHONE),
        Column("referral_email", contact_cells.EMAIL),
        Column("response_target_minutes", cells.whole_number(1, MINUTES_IN_A_YEAR)),
        Column("status", STATUS, required=True),
        Column("verified_on", cells.DAY),
    ),
)

PERFORMANCE = FileTable(
    file=PERFORMANCE_FILE,
    noun="figure",
    table=table_of(models.PerformanceFigure),
    key=("service_id", "period", "measure"),
    owner="service_id",
    removal=Removal.DELETE,
    columns=(
        Column("service_id", cells.CODE, required=True, refers_to=SERVICES_FILE),
        Column("period", cells.PERIOD, required=True),
        Column("measure", cells.MEASURE, required=True),
        Column("value", cells.DECIMAL),
    ),
)

TAXONOMIES = (NEEDS, COMMUNITIES, ACCESS_FEATURES)

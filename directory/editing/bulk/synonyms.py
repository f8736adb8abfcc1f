"""What spreadsheets call the columns of the catalogue: headers seen in the lists of councils, charities and funders."""

from directory.catalogue.versions.models import ListingKind

_ANY = {
    "id": ("ID", "Directory ID", "Identifier", "Slug", "Code"),
    "description": ("Description", "About", "Summary", "Details", "Service description", "What they do", "Overview"),
    "communities": ("Communities", "Community", "Communities served", "Community served", "Who it is for"),
    "phone": (
        *("Phone", "Phone no.", "Phone number", "Telephone", "Telephone no.", "Telephone number", "Tel", "Tel no."),
        *("Tel number", "Contact number", "Contact no.", "Contact telephone", "Public phone", "Helpline number"),
    ),
    "status": ("Status", "Listing status", "Publication status"),
    "verified_on": (
        *("Verified on", "Verified", "Last verified", "Date verified", "Last checked", "Date checked", "Checked on"),
        *("Last reviewed", "Date of last review", "Review date"),
    ),
    "access_features": (
        *("Access features", "Access", "Accessibility", "Access needs", "Facilities", "Features", "Disabled access"),
    ),
    "borough": ("Borough", "London borough", "Borough code", "Local authority", "LA", "Council", "Borough name"),
}
_ORGANISATION = {
    "id": ("Organisation ID", "Org ID", "Organisation code"),
    "name": (
        *("Name", "Organisation", "Organisation name", "Org name", "Org", "Name of organisation", "Charity name"),
        *("Provider", "Provider name", "Charity", "Agency", "Agency name"),
    ),
    "by_and_for": (
        "By and for",
        "By and for organisation",
        "Led by and for",
        "By/for",
        "Specialist by and for",
    ),
    "website": ("Website", "Web site", "Web address", "Web", "URL", "Link", "Homepage", "Site"),
    "email": ("Email", "E-mail", "Email address", "E-mail address", "Contact email", "General email", "Mail"),
    "charity_number": (
        *("Charity number", "Charity no.", "Registered charity number", "Registered charity no.", "Charity reg no."),
        *("Charity Commission number", "Charity registration number", "Reg charity no."),
    ),
    "source": ("Source", "Source of information", "Where from", "Information source"),
}
_SERVICE = {
    "id": ("Service ID", "Service code"),
    "organisation_id": (
        *("Organisation ID", "Organisation", "Organisation name", "Org", "Org name", "Org ID", "Provider"),
        *("Provider name", "Provider ID", "Run by", "Charity", "Agency"),
    ),
    "name": ("Name", "Service", "Service name", "Name of service", "Project", "Project name", "Refuge", "Refuge name"),
    "kind": ("Kind", "Kind of service", "Type", "Type of service", "Service type", "Category", "Service category"),
    "needs": ("Needs", "Needs met", "Needs that it meets", "Support needs", "Support offered", "Issues", "Help with"),
    "languages": ("Languages", "Language", "Languages spoken", "Languages offered", "Community languages"),
    "genders": ("Genders", "Gender", "For whom", "Client gender", "Gender of clients", "Sex"),
    "min_age": ("Min age", "Minimum age", "Age from", "Youngest age", "Lower age", "Lower age limit"),
    "max_age": ("Max age", "Maximum age", "Age to", "Oldest age", "Upper age", "Upper age limit"),
    "accepts_nrpf": (
        *("Accepts NRPF", "NRPF", "NRPF accepted", "Takes NRPF", "No recourse to public funds"),
        *("Takes people without public funds",),
    ),
    "areas": (
        "Areas",
        "Area",
        "Areas covered",
        "Area covered",
        "Boroughs covered",
        "Coverage",
        "Catchment",
        "Catchment area",
    ),
    "location_disclosure": (
        *("Location disclosure", "Location", "Address disclosure", "Location may be known", "Confidential address"),
        *("How much of its location may be known",),
    ),
    "postcode": ("Postcode", "Post code", "Postal code"),
    "hours": ("Hours", "Opening hours", "Opening times", "Open", "Times", "Hours of operation", "Availability"),
    "professional_phone": (
        *("Professional phone", "Phone for professionals", "Professionals' phone", "Professionals only phone"),
        *("Referral phone", "Referral line", "Referral number", "Professional line", "Referrals telephone"),
    ),
    "referral_email": (
        *("Referral email", "Email for referrals", "Referrals email", "Referral e-mail", "Email", "E-mail"),
        *("Email address", "Referral address", "Secure email"),
    ),
    "response_target_minutes": (
        *("Response target minutes", "Response target", "Answers referrals within", "Response time"),
        *("Target response time", "Response (minutes)", "Response within"),
    ),
}
_UNIT = {
    "id": ("Unit ID", "Unit code", "Unit ref", "Unit reference", "Room ID"),
    "service_id": ("Service ID", "Service", "Service name", "Refuge", "Refuge name", "Refuge ID", "Scheme", "Project"),
    "name": (
        "Name",
        "Unit",
        "Unit name",
        "Room",
        "Room name",
        "Flat",
        "Room no.",
        "Unit no.",
        "Room number",
        "Unit number",
    ),
    "bedspaces": (
        *(
            "Bedspaces",
            "Bed spaces",
            "Beds",
            "No. of beds",
            "Number of beds",
            "No. of bedspaces",
            "Number of bedspaces",
        ),
        *("No of bed spaces", "Capacity", "Spaces"),
    ),
    "max_adults": ("Max adults", "Maximum adults", "Adults", "Adults at most", "No. of adults", "Number of adults"),
    "max_children": (
        *("Max children", "Maximum children", "Children", "Children at most", "No. of children", "Number of children"),
    ),
    "boys_max_age": (
        "Boys max age",
        "Oldest boy",
        "Max age of boys",
        "Boys up to",
        "Boys age limit",
        "Maximum age of boys",
    ),
    "ringfence": ("Ring-fence", "Ringfence", "Ring fenced", "Ringfenced for", "Funded for"),
    "not_from": ("Not from", "Cannot take people from", "Excluded boroughs", "Boroughs excluded", "Cannot take from"),
    "programme": ("Programme", "Program", "Contract", "Funding", "Funding stream", "Fund", "Grant"),
    "active_from": ("Active from", "Contract begins", "Contract start", "Start date", "Contract start date", "From"),
    "active_until": (
        *("Active until", "Contract ends before", "Active until (exclusive)", "First day after the contract"),
    ),
    "state": ("State", "Vacancy", "Vacancy status", "Availability", "Occupancy", "Current state", "Unit status"),
    "confirmed_at": ("Confirmed at", "Confirmed", "Last confirmed", "Confirmed on", "Last updated", "Updated"),
}
SYNONYMS: dict[ListingKind, dict[str, tuple[str, ...]]] = {
    kind: {
        column: own.get(column, ()) + _ANY.get(column, ())
        for column in {**_ANY, **own}
        # Not every kind has all of the columns that several have.
        if column in own or column in shared
    }
    for kind, own, shared in (
        (
            ListingKind.ORGANISATION,
            _ORGANISATION,
            {"id", "description", "communities", "phone", "status", "verified_on"},
        ),
        (ListingKind.SERVICE, _SERVICE, set(_ANY)),
        (ListingKind.UNIT, _UNIT, {"id", "access_features", "borough"}),
    )
}
"""Not here: the end of a contract as its last day. The catalogue's `active_until` is the day after, so nothing may be
taken for it that does not say so."""

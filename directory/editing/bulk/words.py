"""What people write in the cells of spreadsheets for the fixed words of the catalogue."""

from directory.capacity.models import RingFence, UnitState
from directory.catalogue.vocabulary import (
    AcceptsNrpf,
    Gender,
    ListingStatus,
    LocationDisclosure,
    ServiceKind,
    WideArea,
)

YES = ("yes", "y", "true", "t", "1", "x", "✓", "✔", "☑", "ticked")
NO = ("no", "n", "false", "f", "0", "✗", "✘", "☐", "none")
STATUSES = {
    ListingStatus.DRAFT: ("draft", "new"),
    ListingStatus.IN_REVIEW: ("in review", "review", "being reviewed", "under review"),
    ListingStatus.PUBLISHED: ("published", "live", "active", "current", "public"),
    ListingStatus.SUSPENDED: ("suspended", "paused", "on hold", "temporarily closed"),
    ListingStatus.WITHDRAWN: ("withdrawn", "closed", "removed", "deleted", "inactive", "archived"),
}
SERVICE_KINDS = {
    ServiceKind.REFUGE: ("refuges", "safe accommodation", "womens refuge", "women's refuge"),
    ServiceKind.ADVOCACY: ("idva", "isva", "idva service", "advocate", "advocates"),
    ServiceKind.HELPLINE: ("help line", "phone line", "telephone helpline", "hotline"),
    ServiceKind.IMMIGRATION_ADVICE: ("immigration", "immigration advice service"),
    ServiceKind.LEGAL_ADVICE: ("legal", "law centre", "solicitors", "legal support"),
    ServiceKind.COUNSELLING: ("counseling", "therapy", "counselling service"),
    ServiceKind.OUTREACH: ("outreach support", "outreach service"),
    ServiceKind.FLOATING_SUPPORT: ("floating", "resettlement"),
    ServiceKind.SEXUAL_VIOLENCE: ("sexual violence", "rape crisis", "sexual violence service"),
    ServiceKind.HOUSING_ADVICE: ("housing", "housing support"),
    ServiceKind.CHILDREN_AND_YOUNG_PEOPLE: ("children", "young people", "cyp", "children & young people"),
}
GENDERS = {
    Gender.WOMAN: ("women", "female", "females", "f", "w", "women and girls", "girls"),
    Gender.MAN: ("men", "male", "males", "m", "boys"),
    Gender.NON_BINARY: ("non-binary", "nonbinary", "non-binary people", "nb", "enby", "other"),
}
ALL_GENDERS = ("all", "any", "all genders", "any gender", "everyone", "everybody", "all welcome")
ACCEPTS = {
    AcceptsNrpf.YES: YES,
    AcceptsNrpf.NO: NO,
    AcceptsNrpf.IF_FUNDED: (
        *("if funded", "if somebody pays", "if funding", "with funding", "subject to funding", "only if funded"),
        *("depends on funding", "sometimes", "possibly", "case by case"),
    ),
}
DISCLOSURES = {
    LocationDisclosure.PUBLIC: ("open", "public: its postcode", "postcode", "full address"),
    LocationDisclosure.BOROUGH: ("borough only", "its borough only", "area only", "borough"),
    LocationDisclosure.SECRET: (
        *("secret: its borough at most", "confidential", "hidden", "undisclosed", "private", "not disclosed"),
    ),
}
RINGFENCES = {
    RingFence.NONE: ("none", "no", "n", "not ring-fenced", "general", "-", "false"),
    RingFence.NRPF: ("nrpf", "no recourse to public funds", "no recourse", "nrpf only"),
}
STATES = {
    UnitState.OPEN: ("available", "vacant", "empty", "free", "void", "ready"),
    UnitState.OCCUPIED: ("full", "taken", "in use", "filled", "let", "not available", "unavailable"),
    UnitState.CLOSED: ("shut", "out of use", "out of service", "repairs", "maintenance"),
}
WIDE_AREAS = {
    WideArea.LONDON: (
        "pan-london",
        "pan london",
        "london-wide",
        "londonwide",
        "greater london",
        "all boroughs",
        "all london",
    ),
    WideArea.ENGLAND: ("england-wide", "all england", "all of england"),
    WideArea.UK: ("national", "nationwide", "uk-wide", "united kingdom", "uk wide", "all of uk", "great britain"),
}
LANGUAGES = {
    "bfi": ("bsl", "sign language", "british sign"),
    "fa": ("farsi",),
    "prs": ("dari persian",),
    "pa": ("panjabi",),
    "zh": ("mandarin", "mandarin chinese"),
    "yue": ("cantonese chinese",),
    "bn": ("bengali", "bangla"),
    "syl": ("sylheti",),
    "ckb": ("sorani", "kurdish sorani"),
    "kmr": ("kurmanji", "kurdish kurmanji"),
    "tl": ("tagalog",),
    "tw": ("twi",),
    "rom": ("romani",),
}
ROUND_THE_CLOCK = (
    "24 hours",
    "24hours",
    "24 hrs",
    "24hrs",
    "24h",
    "24 hours a day",
    "24/7/365",
    "24 / 7",
    "24-7",
    "always",
)
BOROUGHS = {
    "barking": "barking and dagenham",
    "city": "city of london",
    "h and f": "hammersmith and fulham",
    "hammersmith": "hammersmith and fulham",
    "k and c": "kensington and chelsea",
    "kensington": "kensington and chelsea",
    "kingston": "kingston upon thames",
    "lbbd": "barking and dagenham",
    "lbhf": "hammersmith and fulham",
    "lbth": "tower hamlets",
    "rbkc": "kensington and chelsea",
    "richmond": "richmond upon thames",
}
"""What councils are called for short, and by their full names."""

"""What to say to the person whose text was stopped: what was found, why it may not be stored, what to write instead."""

from directory.screening.kinds import Kind

_EXPLANATIONS = {
    Kind.IMMIGRATION: (
        "This says something about immigration status or public funds. Leave it out: the service asks nothing about"
        " it, "
        "and the search has already matched the place."
    ),
    Kind.IDENTITY_NUMBER: (
        "This looks like an identity, case or reference number, which would lead back to the person. Leave it out: the "
        "referral has a reference of its own, and the service can ask when they meet."
    ),
    Kind.NAME: (
        "This looks like somebody's name, or cannot be read by the screen (another alphabet, or a very long text)."
        " Write "
        "“she”, “the mother”, “child 1”, “the perpetrator” or “the officer”, in English, and use an alias in the safe "
        "contact fields."
    ),
    Kind.PHONE: (
        "This looks like a phone number. Use the safe contact fields: they are encrypted, and only the receiving"
        " service "
        "can read them."
    ),
    Kind.DATE_OF_BIRTH: (
        "This looks like a date of birth. Write an age instead (“aged 34”), or use the children's age bands."
    ),
    Kind.ADDRESS: (
        "This looks like an address or a full postcode. Write the borough or the first half of the postcode"
        " (“Hackney”, "
        "“E8”), and list areas to avoid in their own field."
    ),
    Kind.NATIONALITY: (
        "This says something about nationality, country, ethnicity or religion. Leave it out, or say what is"
        " needed: the "
        "language (“Turkish interpreter”), food, or room for prayer."
    ),
    Kind.EMAIL: (
        "This looks like an e-mail address. Use the safe contact fields: they are encrypted, and only the receiving "
        "service can read them."
    ),
    Kind.SOCIAL_HANDLE: (
        "This looks like a social media account. Leave it out, or use the safe contact fields: they are encrypted, and "
        "only the receiving service can read them."
    ),
}


def explain(kind: Kind) -> str:
    """What was found, why it is stopped and what to write instead, for the person who wrote it."""
    return _EXPLANATIONS[kind]

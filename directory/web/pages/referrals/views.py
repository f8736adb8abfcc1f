"""Every page of referrals: the modules named here give the blueprint its pages."""

from directory.web.pages.referrals import drafting, following, overseeing
from directory.web.pages.referrals.blueprint import blueprint

PARTS = (drafting, following, overseeing)

__all__ = ["PARTS", "blueprint"]

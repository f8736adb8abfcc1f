"""What the templates of signing in may see."""

from dataclasses import dataclass
from typing import ClassVar

from directory.web.pages.sign_in.forms import SignInForm


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The form, and where it is posted."""

    template: ClassVar[str] = "pages/sign_in/form.html"

    form: SignInForm
    action: str

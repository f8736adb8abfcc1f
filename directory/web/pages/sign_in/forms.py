"""The sign-in form."""

from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired

from directory.web.forms import BaseForm, trimmed


class SignInForm(BaseForm):
    """An e-mail address and a password."""

    email = EmailField("Email address", [InputRequired("Enter your email address")], filters=[trimmed])
    password = PasswordField("Password", [InputRequired("Enter your password")])

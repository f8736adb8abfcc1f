"""The pages of editions have one blueprint."""

from flask import Blueprint

blueprint = Blueprint("editions", __name__, url_prefix="/editions")

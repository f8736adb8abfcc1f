"""The test client of the pages: whatever HTML it fetches must keep the page contract."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.html import Page
from tests.support.page_contract import problems

Values = dict[str, str | list[str]]


class PageClient(FlaskClient):
    """Fetches pages and checks each one's markup and headers, whatever the test is about."""

    signed_in = False

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As Flask's client does; then the page contract."""
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            found = problems(response.get_data(as_text=True), response.headers, self.signed_in)
            assert not found, f"{response.request.path} ({response.status_code}):\n  " + "\n  ".join(found)
        return response

    def page(self, path: str, status: int = 200) -> Page:
        """GET `path`, following redirects; the page, which must come with `status`."""
        response = self.get(path, follow_redirects=True)
        assert response.status_code == status, f"{path}: {response.status_code} instead of {status}"
        return Page(response.get_data(as_text=True))

    def submit(self, path: str, values: Values, *, form: str | None = None, status: int = 200) -> Page:
        """Fill in the form on page `path` and send it as a browser does, following redirects.

        `form` is the form's id, or its action, where <main> holds several. What `values` does not name is sent as
        it stands, the hidden CSRF token included.
        """
        page = self.page(path)
        chosen = self._form(page, form)
        sent: dict[str, Any] = page.form_values(chosen)
        known = {control.get("name") for control in chosen.iter() if control.get("name")}
        assert set(values) <= known, f"the form on {path} has no fields {sorted(set(values) - known)}"
        sent |= values
        action = chosen.get("action") or path
        method = self.post if chosen.get("method", "get").lower() == "post" else self.get
        where = "data" if method == self.post else "query_string"
        response = method(action, follow_redirects=True, **{where: sent})
        assert response.status_code == status, f"{action}: {response.status_code} instead of {status}"
        return Page(response.get_data(as_text=True))

    @staticmethod
    def _form(page: Page, wanted: str | None) -> Any:
        forms = page.all("form", page.one("main"))
        if wanted is not None:
            forms = [form for form in forms if wanted in (form.get("id"), form.get("action"))]
        assert len(forms) == 1, f"{len(forms)} forms instead of one: say which"
        return forms[0]

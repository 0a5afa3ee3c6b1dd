"""A person's browser: it follows redirects, keeps cookies, and sends the form of Slack's page."""

import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar


class AtHome(urllib.request.HTTPRedirectHandler):
    """Follows on this machine only: what is elsewhere is not asked, and its address is where it ended.
    The dashboard is not served here, wherever it is."""

    def redirect_request(self, request, file, code, message, headers, url):
        to = urllib.parse.urlsplit(url)
        if to.hostname == "127.0.0.1" and not to.path.startswith("/dashboard/"):
            return super().redirect_request(request, file, code, message, headers, url)
        raise Elsewhere(code, url)


class Elsewhere(Exception):
    pass


def ended(answer):
    """How an installation ended for who is back at the dashboard: `connected`, or why not."""
    status, url, _ = answer
    back = urllib.parse.urlsplit(url)
    assert (status, back.path) == (303, "/dashboard/connect"), answer
    fields = dict(urllib.parse.parse_qsl(back.query))
    return fields.get("why", fields["slack"])


class Browser:
    def __init__(self):
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies, AtHome())

    def open(self, url, form=None):
        """Where it leads in the end: status, address and text of the page."""
        body = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(url, body, timeout=60) as page:
                return page.status, page.url, page.read().decode()
        except urllib.error.HTTPError as page:
            return page.code, page.url, page.read().decode()
        except Elsewhere as led:
            return *led.args, ""

    def allow(self, url, team, channel):
        """Opens an invitation, lets the app into a channel on Slack's page, and comes back."""
        status, asked, text = self.open(url)
        assert status == 200 and "/oauth/v2/authorize" in asked, text
        return self.open(asked, {"place": f"{team}/{channel}", "choice": "allow"})

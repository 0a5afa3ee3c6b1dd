"""A person's browser: it follows redirects, keeps cookies, and sends the form of Slack's page."""

import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar


class Browser:
    def __init__(self):
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)

    def open(self, url, form=None):
        """Where it leads in the end: status, address and text of the page."""
        body = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(url, body, timeout=60) as page:
                return page.status, page.url, page.read().decode()
        except urllib.error.HTTPError as page:
            return page.code, page.url, page.read().decode()

    def allow(self, url, team, channel):
        """Opens an invitation, lets the app into a channel on Slack's page, and comes back."""
        status, asked, text = self.open(url)
        assert status == 200 and "/oauth/v2/authorize" in asked, text
        return self.open(asked, {"place": f"{team}/{channel}", "choice": "allow"})

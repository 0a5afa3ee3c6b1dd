"""A GitHub at which ana, ben and cleo have accounts: the program `login-double`."""

from harness.double import Double

# What the app is known by there.
ID, SECRET = "github-double-client", "github-double-secret"


class Github(Double):
    program = "login-double"

    def __init__(self, callback):
        """`callback` is where people come back to."""
        super().__init__("--client", ID, "--redirect", callback, "--github", SECRET)

    @property
    def url(self):
        self.start()
        return self.said["github"]

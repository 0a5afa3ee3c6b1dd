// Runs in CloudFront before it looks for a file: which file of the dashboard an address means. Whoever
// else serves the dashboard has the same rule.

function handler(event) {
  const request = event.request;
  const path = request.uri;
  if (path === "/") {
    request.uri = "/index.html";
  } else if (path.endsWith("/")) {
    return redirect(request, path.replace(/\/+$/, ""));
  } else if (!path.slice(path.lastIndexOf("/")).includes(".")) {
    request.uri = `${path}.html`;
  }
  return request;
}

/** With the name of the host: a path such as `//example.com/` would lead away from here. */
function redirect(request, path) {
  const query = request.rawQueryString();
  const location = `https://${request.headers.host.value}${path || "/"}${query ? `?${query}` : ""}`;
  return {
    statusCode: 308,
    statusDescription: "Permanent Redirect",
    headers: { location: { value: location } },
  };
}

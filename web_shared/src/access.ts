/** Addresses of this server, each with the access token that the page was opened with. */

/** Return the address of `path`, which begins with a slash. */
export function address(path: string): string {
  return withToken(path).href;
}

/** Return the address of the WebSocket at `path`. */
export function socketAddress(path: string): string {
  const url = withToken(path);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}

function withToken(path: string): URL {
  const url = new URL(path, location.origin);
  const token = new URLSearchParams(location.search).get("token");
  if (token) url.searchParams.set("token", token);
  return url;
}

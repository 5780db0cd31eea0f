/** Addresses of this server, each with the access token that is in the address of the page. */

/** Returns the address of `path`, which begins with a slash. */
export function address(path: string): URL {
  const url = new URL(path, location.origin);
  const token = new URLSearchParams(location.search).get("token");
  if (token) url.searchParams.set("token", token);
  return url;
}

/** Returns the address of the WebSocket at `path`. */
export function socketAddress(path: string): URL {
  const url = address(path);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}

/** Addresses of this server, which may be below a path of another one, each with the access token. */

/** Where a page says how the server's root is reached from it; without it, it is beside the page. */
const ROOT = "meta[name=server-root]";

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

/**
 * Return where something is that the server names by `path`: from its own root, which a proxy in
 * front of it may have put below a path. A whole address stays as it is.
 */
export function serverUrl(path: string): URL {
  return new URL(path.startsWith("/") ? `.${path}` : path, serverRoot());
}

/** The address of the server's root, with a slash at its end. */
export function serverRoot(): URL {
  const root = document.querySelector<HTMLMetaElement>(ROOT)?.content ?? "./";
  return new URL(root, document.baseURI);
}

function withToken(path: string): URL {
  const url = serverUrl(path);
  const token = new URLSearchParams(location.search).get("token");
  if (token) url.searchParams.set("token", token);
  return url;
}

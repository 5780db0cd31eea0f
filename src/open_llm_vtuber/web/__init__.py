"""The doors: HTTP routes and WebSockets. Nothing below this package knows FastAPI."""

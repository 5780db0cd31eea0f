"""Every message on the /client-ws wire as a small typed model, in both directions."""

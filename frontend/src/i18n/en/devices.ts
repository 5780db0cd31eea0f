/** English words of how other devices reach this server. */

export const devices = {
  open: "Other devices",
  openHint: "A phone or another computer in your network: whether it gets in, and the code to scan",
  back: "Back to the settings",
  loading: "Asking the server…",
  by: {
    https: "Other devices can reach this server.",
    http: "Other devices can reach this server, but browsers give them no microphone there.",
    none: "Other devices cannot reach this server: it listens to this computer alone.",
  },
  scan: "Scan this with the other device, or open one of these addresses there:",
  code: "QR code of the address of this server",
  copy: (address: string) => `Copy ${address}`,
  holdsToken:
    "The code and what is copied hold this server's access token: only for those who may use the server.",
  trustTitle: "The other device warns at first",
  trust:
    "That is until it trusts this computer. Open this page there; it says how, for each kind of device:",
  fingerprint: "What it shows then must begin and end like this (SHA-256):",
  letIn: "Let phones in my network in (https)",
  letInHint:
    "Opens a second door, encrypted and with an access token, at which their microphones work. On this computer all stays as it is.",
  fromNextStart: "Holds from the next start: end the server with Ctrl+C, and start it once more.",
  offFromNextStart:
    "Off from the next start, unless it is started with --https. Until then they still come in.",
  byHand: "conf.yaml cannot be read; it is set there under system_config as https.",
  /** In the sheet of the group. */
  letThemIn: "Let other devices in…",
  noneYet:
    "Another device cannot reach this server yet, so there is no code to scan. A page on this computer can be invited by its id.",
  askOwner:
    "This page was opened under a name that only this computer knows, so there is no code to scan. Who started the server can let other devices in with --https.",
  noMicrophone:
    "The other device can write and listen; browsers give it no microphone there without https.",
};

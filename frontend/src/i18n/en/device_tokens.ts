/** English words of the devices that have a token of their own; loaded with their list. */

export const deviceTokens = {
  title: "Devices with an access of their own",
  explain:
    "Each can be shut out without the others noticing. Let each phone and computer in by itself.",
  list: "Devices",
  none: "None yet.",
  reading: "Asking the server…",
  here: "Here now",
  thisOne: "This device",
  mayConfigure: "May change settings",
  cameToday: "Here today",
  came: (day: string) => `Last here ${day}`,
  neverCame: "Not here yet",
  rename: (name: string) => `${name}: give another name`,
  name: "Name of the device",
  save: "Save",
  cancel: "Cancel",
  takeBack: (name: string) => `${name}: take its access back`,
  sure: (name: string) => `Take the access of ${name} back? What it has open ends at once.`,
  sureOwn: "Take the access of this very device back? Then this page ends.",
  takeItBack: "Take it back",
  keep: "Keep it",
  wasTaken: (name: string) => `${name} is shut out.`,
  letIn: "Let a device in",
  namePlaceholder: "Phone",
  settings: "May change the server's settings",
  settingsHint: "Else it talks, and no more.",
  make: "Make its code",
  unreachable:
    "Other devices cannot reach this server yet, so there is nothing to scan. Let them in above first.",
  why: (name: string) => `It lets ${name} in.`,
  scan: (name: string) => `Scan this with ${name} now. It is shown this once.`,
  code: (name: string) => `QR code for ${name}`,
  copy: "Copy the address",
  holds: "The code holds an access that is for this device alone: show it to nobody else.",
  done: "Done",
};

export type DeviceTokenWords = typeof deviceTokens;

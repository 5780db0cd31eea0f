/** The microphones, speakers and cameras of this computer, as far as the browser tells. */

export interface Device {
  readonly id: string;
  /** "" while the page may not use devices of this kind. */
  readonly label: string;
}

export type DeviceKind = "audioinput" | "audiooutput" | "videoinput";

/** Chromium lists these beside the devices that they stand for; "" is our own default. */
const ALIASES = ["", "default", "communications"];

export class Devices {
  all = $state.raw<readonly MediaDeviceInfo[]>([]);
  /** False on pages that are not secure. */
  readonly canBeAsked = navigator.mediaDevices !== undefined;
  readonly canChooseSpeaker = "setSinkId" in AudioContext.prototype;
  /** Whether the names are known, which takes a permission. */
  readonly areNamed = $derived(
    this.all.some(({ kind, label }) => kind === "audioinput" && label !== ""),
  );

  /** Keep the list up to date until the returned function is called. */
  follow(): () => void {
    if (!this.canBeAsked) return () => {};
    const refresh = (): void => {
      this.#refresh().catch((error: unknown) => console.warn("No devices are known.", error));
    };
    refresh();
    navigator.mediaDevices.addEventListener("devicechange", refresh);
    return () => navigator.mediaDevices.removeEventListener("devicechange", refresh);
  }

  of(kind: DeviceKind): Device[] {
    return this.all
      .filter((device) => device.kind === kind && !ALIASES.includes(device.deviceId))
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  }

  /** Ask for the permission that names come with. Rejects as the browser does. */
  async ask(): Promise<void> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    try {
      await this.#refresh(); // while it is open: some browsers forget the names afterwards
    } finally {
      for (const track of stream.getTracks()) track.stop();
    }
  }

  async #refresh(): Promise<void> {
    this.all = await navigator.mediaDevices.enumerateDevices();
  }
}

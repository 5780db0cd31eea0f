/** Who is on the stage. */

import type { ModelInfo } from "../avatar/model_info";
import type { Connection } from "./connection.svelte";

export class Character {
  name = $state("");
  /** Our own id, by which others invite us into a group. */
  clientUid = $state("");
  /** The entry of model_dict.json; null before it is known. */
  model = $state.raw<ModelInfo | null>(null);

  /** What she speaks, by its two letters; "" where that is not known. */
  language = $state("");
  /** Whether pictures can be seen, as far as is known. */
  sees = $state(true);

  /** What the face can do, by the names of the tags in what is said. */
  get emotions(): Readonly<Record<string, unknown>> {
    return this.model?.emotionMap ?? {};
  }

  constructor(connection: Connection) {
    connection.on("capabilities", ({ images }) => (this.sees = images));
    connection.on("set-model-and-conf", (message) => {
      this.name = message.conf_name;
      this.language = message.language ?? "";
      if (message.client_uid !== undefined) this.clientUid = message.client_uid;
      const same = JSON.stringify(message.model_info) === JSON.stringify(this.model);
      if (!same) this.model = message.model_info as unknown as ModelInfo;
    });
  }
}

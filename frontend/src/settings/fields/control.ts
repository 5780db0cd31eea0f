/** What every control of the form is given. */

import type { Control, Field } from "../schema_fields";

export interface ControlProps<Kind extends Control["type"]> {
  readonly field: Field & { readonly control: Extract<Control, { type: Kind }> };
  /** Of the control, for its label. */
  readonly id: string;
  readonly name: string;
  /** What is set, saved or not; undefined where the default holds. */
  readonly value: unknown;
  /** The ids of what describes it. */
  readonly describedBy: string;
  readonly isInvalid: boolean;
  /** Null: the default is to hold. */
  readonly onchange: (value: unknown) => void;
}

/** The entry of model_dict.json that the server sends as `model_info`, as far as it is understood. */

/** Weights of the motion groups that a tap may play, by name; "" is the group without a name. */
export type TapMotions = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface ModelInfo {
  /** Of the .model3.json. */
  readonly url: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** Of the open rig, if the model has one. */
  readonly rig?: string | undefined;
  /** Of a still picture, for browsers without WebGL. */
  readonly picture?: string | undefined;
  /** Half the size: 0.5 fits the stage. */
  readonly kScale?: number | undefined;
  readonly initialXshift?: number | undefined;
  readonly initialYshift?: number | undefined;
  readonly idleMotionGroupName?: string | undefined;
  readonly emotionMap?: Readonly<Record<string, number | string>> | undefined;
  readonly tapMotions?: TapMotions | undefined;
  readonly defaultEmotion?: number | string | undefined;
  /** Whether the eyes follow the pointer and taps are answered; true unless said otherwise. */
  readonly pointerInteractive?: boolean | undefined;
  /** Whether the wheel resizes the model; true unless said otherwise. */
  readonly scrollToResize?: boolean | undefined;
}

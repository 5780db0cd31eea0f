/** An avatar of a Live2D model, drawn by untitled-pixi-live2d-engine on Pixi and Live2D's Core. */

import { serverUrl } from "@open-llm-vtuber/shared/access";
import type { Application, Ticker } from "pixi.js";
import type { CubismInternalModel, Live2DModel } from "untitled-pixi-live2d-engine/cubism";

import type { Mouth } from "../audio/lipsync";
import { checkCore, loadCore } from "./cubism_core";
import { AvatarError } from "./errors";
import { Frames, viewOf } from "./frames";
import type { ModelInfo } from "./model_info";
import { loadModelSettings } from "./model_settings";
import { AT_REST, fit, grounded, type Size } from "./placing";
import { motionOfTap } from "./taps";
import type { Avatar, Mood, Placement } from "./types";

const MOST_PIXELS_PER_PX = 2;
/** The engine's MotionPriority. */
const NORMAL = 2;
const FORCED = 3;
/** Where she looks while she thinks, -1..1 right and up. */
const PONDERING = [0.5, 0.6] as const;
/** No model has a group of motions by this name. */
const NO_GROUP = "\0";
/** The face as it was drawn, see docs/live2d.md. */
const NO_EXPRESSION = -1;
const MOUTH_FORM = "ParamMouthForm";

type Model = Live2DModel<CubismInternalModel>;

interface Options {
  readonly reducedMotion: boolean;
  readonly coreUrl: string;
}

/** Show a Live2D model in `stage`. Throws AvatarError. */
export async function loadLive2D(
  stage: HTMLElement,
  info: ModelInfo,
  options: Options,
): Promise<Avatar> {
  await loadCore(options.coreUrl);
  const settings = await loadModelSettings(serverUrl(info.url).href);
  // Not before: the engine looks for the Core when it is imported.
  const pixi = await import("pixi.js");
  await import("pixi.js/unsafe-eval"); // shaders without eval, which the page's policy forbids
  const engine = await import("untitled-pixi-live2d-engine/cubism");
  pixi.extensions.add(engine.Live2DPlugin);
  engine.config.sound = false; // her voice is ours
  const app = new pixi.Application();
  try {
    await app.init({
      preference: "webgl",
      backgroundAlpha: 0,
      antialias: true,
      autoDensity: true,
      autoStart: false,
      sharedTicker: false,
      resolution: Math.min(MOST_PIXELS_PER_PX, window.devicePixelRatio),
      width: Math.max(1, stage.clientWidth),
      height: Math.max(1, stage.clientHeight),
    });
    const model = (await engine.Live2DModel.from(settings, {
      autoUpdate: false,
      autoFocus: false,
      autoHitTest: false,
      ticker: app.ticker as Ticker,
    })) as Model;
    // Not among the options, where the engine takes a group without a name for none.
    const idle = options.reducedMotion ? NO_GROUP : (info.idleMotionGroupName ?? "Idle");
    Object.assign(model.internalModel.motionManager.groups, { idle });
    try {
      checkCore(model.internalModel.coreModel.getModel());
    } catch (error) {
      model.destroy({ children: true });
      throw error;
    }
    const own = model.internalModel.settings;
    const textures = own.textures.map((name) => own.resolveURL(name));
    const unload = (): Promise<void> => pixi.Assets.unload(textures);
    return new Live2DAvatar(stage, info, app, model, unload, options.reducedMotion);
  } catch (error) {
    app.destroy({ removeView: true });
    if (error instanceof AvatarError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new AvatarError(`The Live2D model could not be shown: ${why}`, { cause: error });
  }
}

class Live2DAvatar implements Avatar {
  readonly kind = "live2d";
  readonly expressions: readonly string[];
  readonly motions: readonly string[];
  private placement = AT_REST;
  private mouth: (() => Mouth) | null = null;
  private mood: Mood = "idle";
  private aimed = false;
  private gone = false;
  private readonly frames: Frames;
  private readonly resizing: ResizeObserver;

  constructor(
    private readonly stage: HTMLElement,
    private readonly info: ModelInfo,
    private readonly app: Application,
    private readonly model: Model,
    private readonly unload: () => Promise<void>,
    reducedMotion: boolean,
  ) {
    const internal = model.internalModel;
    const { definitions, expressionManager } = internal.motionManager;
    this.motions = Object.keys(definitions);
    this.expressions = (expressionManager?.definitions ?? []).map((one) => one.Name);
    internal.on("beforeModelUpdate", this.moveLips);
    if (reducedMotion) internal.updateNaturalMovements = () => undefined;
    app.stage.eventMode = "none";
    app.stage.addChild(model);
    app.canvas.style.display = "block";
    app.canvas.style.pointerEvents = "none"; // the stage listens
    stage.append(app.canvas);
    this.resizing = new (viewOf(stage).ResizeObserver)(() => {
      this.resize();
    });
    this.resizing.observe(stage);
    this.resize();
    this.express(null);
    this.frames = new Frames(app.canvas, (dt_s) => {
      model.update(dt_s * 1000);
      app.render();
    });
  }

  express(expression: string | number | null): void {
    const wanted = expression ?? this.info.defaultEmotion ?? 0;
    if (wanted === NO_EXPRESSION) {
      this.model.internalModel.motionManager.expressionManager?.resetExpression();
    } else if (this.expressions.length > 0) this.report(this.model.expression(wanted));
  }

  move(group: string, index?: number): void {
    this.play(group, index, NORMAL);
  }

  feel(mood: Mood): void {
    this.mood = mood;
    if (!this.aimed) this.lookAhead();
  }

  lookAt(x: number, y: number): void {
    if (this.info.pointerInteractive === false) return;
    this.aimed = true;
    this.model.focus(x, y);
  }

  lookAhead(): void {
    this.aimed = false;
    const [x, y] = this.mood === "thinking" ? PONDERING : [0, 0];
    this.model.internalModel.focusController.focus(x, y);
  }

  setMouth(source: (() => Mouth) | null): void {
    this.mouth = source;
  }

  tap(x: number, y: number): string[] {
    if (this.info.pointerInteractive === false) return [];
    const areas = this.model.hitTest(x, y);
    const group = motionOfTap(areas, this.info.tapMotions ?? {}, Math.random);
    if (group !== undefined) this.play(group, undefined, FORCED);
    return areas;
  }

  place(placement: Placement): void {
    this.placement = placement;
    this.fit();
  }

  grounded(placement: Placement): Placement {
    return grounded(this.model.internalModel, this.room, placement, this.info);
  }

  destroy(): void {
    this.gone = true;
    this.frames.stop();
    this.resizing.disconnect();
    this.model.destroy({ children: true }); // before the application, whose ticker it lets go of
    this.app.destroy({ removeView: true });
    this.unload().catch((error: unknown) => {
      console.warn("The Live2D model's pictures could not be let go.", error);
    });
  }

  private play(group: string, index: number | undefined, priority: number): void {
    if (this.motions.includes(group)) this.report(this.model.motion(group, index, priority, {}));
  }

  /** The engine fetches motions and expressions when they are first wanted; that may fail. */
  private report(done: Promise<unknown>): void {
    done.catch((error: unknown) => {
      if (this.gone) return; // what was still being fetched has nowhere to go
      console.warn("The Live2D model does not do as it should.", error);
    });
  }

  private resize(): void {
    const [width, height] = [this.stage.clientWidth, this.stage.clientHeight];
    if (width === 0 || height === 0) return;
    this.app.renderer.resize(width, height);
    this.fit();
  }

  private get room(): Size {
    return { width: this.stage.clientWidth, height: this.stage.clientHeight };
  }

  private fit(): void {
    const { internalModel } = this.model;
    const stage = this.room;
    if (stage.width === 0 || stage.height === 0) return;
    const { scale, x0, y0 } = fit(internalModel, stage, this.placement, this.info);
    this.model.scale.set(scale);
    this.model.position.set(x0, y0);
  }

  private readonly moveLips = (): void => {
    const mouth = this.mouth?.();
    if (!mouth) return;
    const internal = this.model.internalModel;
    // Parameters are named by objects of the engine; the way to one is not declared public.
    for (const id of internal.motionManager.lipSyncIds) {
      internal.coreModel.addParameterValueById(internal["getIdSafe"](id), mouth.open, 1);
    }
    const form = internal["getIdSafe"](MOUTH_FORM);
    internal.coreModel.addParameterValueById(
      form,
      0.6 * mouth.wide - 0.6 * mouth.round,
      mouth.open,
    );
  };
}

/** A VRM on a canvas that fills a stage: head and chest in sight, placed as the person likes. */

import { VRMUtils, type VRM } from "@pixiv/three-vrm";
import {
  AmbientLight,
  Box3,
  DirectionalLight,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
} from "three";

import { AvatarError } from "./errors";
import { viewOf } from "./frames";
import type { ModelInfo } from "./model_info";
import { AT_REST, fit, grounded, type Size } from "./placing";
import type { Placement } from "./types";
import type { VrmPose } from "./vrm_pose";
import { BONES } from "./vrm_pose";

const MOST_PIXELS_PER_PX = 2;
/** What fills the stage at scale 1, as if it were a drawing; px. */
const FRAME: Size = { width: 900, height: 1200 };
/** Degrees; a long lens, as for portraits. */
const FIELD_OF_VIEW = 20;
/** In parts of the way from the hips to the head: above the head's joint, below it, and air. */
const HEAD_TOP = { least: 0.3, most: 0.95 };
const CHEST = 1;
const AIR = 0.08;
/** A head's half width, and a body's, in the same parts. */
const HEAD_REACH = 0.28;
const BODY_REACH = 0.5;

export class VrmView {
  readonly canvas = document.createElement("canvas");
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(FIELD_OF_VIEW, FRAME.width / FRAME.height);
  private placement = AT_REST;
  private ratio = 1;
  /** From the hips to the head, metres. */
  private readonly torso: number;
  private readonly resizing: ResizeObserver;
  /** In which she is seen: it may be another one than that of the scripts. */
  private readonly window: Window & typeof globalThis;

  /** Throws AvatarError. */
  constructor(
    private readonly stage: HTMLElement,
    readonly vrm: VRM,
    private readonly model: ModelInfo,
  ) {
    const { style } = this.canvas;
    style.display = "block";
    style.width = style.height = "100%";
    style.pointerEvents = "none"; // the stage listens
    try {
      this.renderer = new WebGLRenderer({
        canvas: this.canvas,
        alpha: true,
        antialias: true,
        powerPreference: "low-power",
      });
    } catch (error) {
      throw new AvatarError("The VRM cannot be drawn: the browser gives no WebGL 2.", {
        cause: error,
      });
    }
    this.renderer.setClearColor(0, 0);
    const light = new DirectionalLight(0xffffff, Math.PI * 0.85);
    light.position.set(0.4, 1, 1.6);
    this.scene.add(vrm.scene, light, new AmbientLight(0xffffff, 0.5));
    this.torso = Math.max(0.05, this.where("head").y - this.where("hips").y);
    this.aim();
    stage.append(this.canvas);
    this.window = viewOf(this.canvas);
    this.resizing = new this.window.ResizeObserver(() => {
      this.resize();
      this.paint(); // a canvas of a new size is empty, and would be seen so for a frame
    });
    this.resizing.observe(this.canvas);
    this.resize();
  }

  destroy(): void {
    this.resizing.disconnect();
    this.canvas.remove();
    VRMUtils.deepDispose(this.vrm.scene);
    this.renderer.dispose();
    this.renderer.forceContextLoss(); // browsers keep only a few contexts at a time
  }

  put(placement: Placement): void {
    this.placement = placement;
    this.fit();
  }

  /** Where she would stand for real if she was put there. */
  grounded(placement: Placement): Placement {
    return grounded(FRAME, this.size, placement, this.model);
  }

  /** Take a pose, let hair and clothes swing on by `dt_s`, and draw. */
  draw(pose: VrmPose, dt_s: number): void {
    this.take(pose);
    this.vrm.update(dt_s);
    if (Math.min(MOST_PIXELS_PER_PX, this.window.devicePixelRatio) !== this.ratio) this.resize();
    this.paint();
  }

  /** Let hair and clothes hang as they do after a while. */
  settle(): void {
    this.vrm.springBoneManager?.reset();
  }

  /** Where the eyes are, on the stage in CSS px. */
  eyes(): readonly [x: number, y: number] {
    const head = this.where("head");
    head.y += 0.15 * this.torso;
    return this.onStage(head);
  }

  /** The names of the areas at a place of the stage, in CSS px. */
  areasAt(x: number, y: number): string[] {
    const [headX, headY] = this.eyes();
    const [hipX, hipY] = this.onStage(this.where("hips"));
    const unit = Math.abs(hipY - headY) / 1.15;
    if (Math.hypot(x - headX, y - headY) < HEAD_REACH * unit) return ["Head"];
    const beside = Math.abs(x - (headX + hipX) / 2);
    return y > headY && y < hipY + 2 * unit && beside < BODY_REACH * unit ? ["Body"] : [];
  }

  private take({ bones, lookRight, lookUp, blink, mouths, faces }: VrmPose): void {
    const { humanoid, expressionManager, lookAt, meta } = this.vrm;
    const turned = meta.metaVersion === "0" ? -1 : 1; // of version 0 the bones look the other way
    for (const name of BONES) {
      const [x, y, z] = bones[name];
      humanoid.getNormalizedBoneNode(name)?.rotation.set(turned * x, y, turned * z);
    }
    if (lookAt) {
      lookAt.yaw = lookRight;
      lookAt.pitch = -lookUp;
    }
    if (!expressionManager) return;
    for (const [face, share] of faces) expressionManager.setValue(face, share);
    for (const [mouth, share] of Object.entries(mouths)) expressionManager.setValue(mouth, share);
    expressionManager.setValue("blink", blink);
  }

  paint(): void {
    if (this.canvas.width > 0 && this.canvas.height > 0) {
      this.renderer.render(this.scene, this.camera);
    }
  }

  /** Put the camera before her, so that the frame holds her head and chest. */
  private aim(): void {
    const head = this.where("head");
    const { least, most } = HEAD_TOP;
    const box = new Box3().setFromObject(this.vrm.scene);
    const high = Math.min(head.y + most * this.torso, box.max.y);
    const top = Math.max(head.y + least * this.torso, high) + AIR * this.torso;
    const bottom = head.y - CHEST * this.torso;
    const half = (top - bottom) / 2;
    const distance = half / Math.tan((FIELD_OF_VIEW / 2) * (Math.PI / 180));
    this.camera.position.set(head.x, bottom + half, head.z + distance);
    this.camera.near = distance / 20;
    this.camera.far = distance * 20;
  }

  private where(bone: "head" | "hips"): Vector3 {
    const place = new Vector3();
    this.vrm.scene.updateWorldMatrix(true, true);
    return this.vrm.humanoid.getRawBoneNode(bone)?.getWorldPosition(place) ?? place;
  }

  private onStage(place: Vector3): readonly [x: number, y: number] {
    const { x, y } = place.project(this.camera);
    return [((x + 1) / 2) * this.stage.clientWidth, ((1 - y) / 2) * this.stage.clientHeight];
  }

  private get size(): Size {
    return { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.canvas;
    this.ratio = Math.min(MOST_PIXELS_PER_PX, this.window.devicePixelRatio);
    this.renderer.setPixelRatio(this.ratio);
    if (clientWidth > 0 && clientHeight > 0) {
      this.renderer.setSize(clientWidth, clientHeight, false);
    }
    this.fit();
  }

  private fit(): void {
    const stage = this.size;
    if (stage.width === 0 || stage.height === 0) return;
    const { scale, x0, y0 } = fit(FRAME, stage, this.placement, this.model);
    // The stage is a window onto the frame, which is cut like a picture: she is not distorted.
    const [width, height] = [FRAME.width * scale, FRAME.height * scale];
    this.camera.setViewOffset(width, height, -x0, -y0, stage.width, stage.height);
    this.camera.updateProjectionMatrix();
  }
}

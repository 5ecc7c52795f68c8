/** The world outside of the controller, as a whole: what there is, and what its parts do to each other. */
import type { DesiredTree } from '../../controller/ports/desired-source.ts';
import { digestOf } from '../../controller/model/digest.ts';
import { Branch } from './branch.ts';
import type { SimRecipe } from './catalogue.ts';
import { SimDisk } from './disk.ts';
import { Post } from './post.ts';
import { SimProxy } from './proxy.ts';
import { StateDirectory } from './state-directory.ts';
import type { Rng } from './rng.ts';
import { Rules } from './rules.ts';
import { settleStrangers } from './strangers.ts';
import { Damage } from './damage.ts';
import { SwarmApi } from './swarm-api.ts';
import { SwarmModel } from './swarm-model.ts';
import { SimTime } from './time.ts';
import { filesOf, type Wanted } from './wanted.ts';

export interface Registry {
  /** Pinned references whose image is on the node. */
  readonly present: Set<string>;
  isDown: boolean;
  readonly pullMs: () => number;
}

export interface Note {
  readonly atMs: number;
  readonly kind: 'log' | 'call' | 'event' | 'record';
  readonly text: string;
}

/** When the world began. */
export const startMs = Date.parse('2026-11-21T09:00:00Z');
const NOTES_MAX = 20_000;

export class World {
  readonly time = new SimTime(startMs);
  readonly rng: Rng;
  readonly disk = new SimDisk();
  readonly post = new Post();
  readonly damage = new Damage(this.disk);
  readonly state = new StateDirectory(this.disk.files);
  readonly registry: Registry;
  readonly recipes: ReadonlyMap<string, SimRecipe>;
  readonly swarm: SwarmModel;
  readonly api: SwarmApi;
  readonly proxy: SimProxy;
  readonly rules: Rules;
  readonly notes: Note[] = [];
  isGitDown = false;
  wanted: Wanted;
  readonly branch: Branch;
  /** Tells the controller that the tree changed. */
  onEdit: () => void = () => undefined;
  /** When somebody last touched the apps' services by hand, or an image went away. */
  handsOnMs = 0;
  /** When somebody last put another secret in the place of one of an app's. */
  secretsMs = 0;
  /** When somebody last wanted an app again. */
  wantedAgainMs = -Infinity;
  /** When people last changed what they want of a version. */
  intentMs = 0;
  #ids = 0;
  readonly #torn: Rng;
  /** Else nothing is noted. */
  readonly isRecorded: boolean;

  constructor(options: {
    readonly rng: Rng;
    readonly recipes: readonly SimRecipe[];
    readonly wanted: Wanted;
    readonly isRecorded: boolean;
    /** Of the Swarm; the controller and all data are on the first. */
    readonly nodes?: number;
  }) {
    this.rng = options.rng;
    this.isRecorded = options.isRecorded;
    this.recipes = new Map(options.recipes.map((recipe) => [recipe.name, recipe]));
    this.wanted = options.wanted;
    this.branch = new Branch(treeOf(options.wanted));
    this.#torn = options.rng.fork();
    const pulls = options.rng.fork();
    this.registry = {
      present: new Set(),
      isDown: false,
      pullMs: () => (pulls.chance(0.1) ? pulls.between(5000, 40_000) : pulls.between(200, 2000)),
    };
    this.rules = new Rules(this);
    this.swarm = new SwarmModel({
      time: this.time,
      rng: options.rng.fork(),
      disk: this.disk,
      pullMs: (image) => this.#pull(image),
      onStart: (container) => this.rules.onStart(container),
      nodes: options.nodes ?? 1,
    });
    this.api = new SwarmApi(this.swarm, this.time);
    this.proxy = new SimProxy(this.swarm, this.time);
    if (options.wanted.apps.some(({ isBehindProxy }) => isBehindProxy === true)) this.proxy.start();
    settleStrangers(this.swarm, this.disk, this.registry.present);
  }

  /** As people pushed it last. */
  get tree(): DesiredTree {
    return this.branch.tip;
  }

  newId(): string {
    this.#ids += 1;
    const stamp = new Date(this.time.nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
    return `${stamp.toLowerCase()}-${this.#ids.toString(16).padStart(6, '0')}`;
  }

  edit(wanted: Wanted): void {
    this.wanted = wanted;
    this.branch.push(treeOf(wanted));
    this.onEdit();
  }

  /** The controller is dead already. Every container dies, and what was not synced is as it was before. */
  cutPower(): void {
    this.api.restartEngine();
    this.disk.files.cutPower(this.#torn);
    this.rules.onPowerCut();
  }

  note(kind: Note['kind'], text: string, fields?: Readonly<Record<string, unknown>>): void {
    if (!this.isRecorded || this.notes.length >= NOTES_MAX) return;
    const more = fields === undefined ? '' : ` ${JSON.stringify(fields)}`;
    this.notes.push({ atMs: this.time.nowMs, kind, text: text + more });
  }

  #pull(image: string): number | undefined {
    if (this.registry.present.has(image)) return 0;
    if (this.registry.isDown) return undefined;
    this.registry.present.add(image);
    return this.registry.pullMs();
  }
}

function treeOf(wanted: Wanted): DesiredTree {
  const files = filesOf(wanted);
  return { revision: digestOf(files), baseDirectory: '/desired', files, origin: 'branch' };
}

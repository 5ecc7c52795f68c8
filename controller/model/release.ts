/** One exact thing that can be deployed: a version of a recipe with its configuration, and the images it means. */
import type { CommitSha } from './names.ts';

/** What is wanted, before its images are resolved. */
export interface ReleaseSpec {
  /** The recipe version: a tag such as `10.7.1+26.6.2`. */
  readonly version: string;
  readonly commit: CommitSha;
  /** Our values over the recipe's `.env.sample`. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Digest over everything of ours that shapes the stack (commit, env, proxy network, given secrets' names), images'
   * digests excepted: equal hash means that a deploy would change nothing.
   */
  readonly specHash: string;
}

/** A release whose images were resolved once and are pinned from then on. */
export interface Release extends ReleaseSpec {
  /** Service name in the compose file → `name@sha256:…`, or an image id where no registry ever saw the image. */
  readonly images: Readonly<Record<string, string>>;
  /** Service name in the compose file → what Swarm had been asked for when it was proved; only a proved release has it. */
  readonly proved?: Readonly<Record<string, ProvedService>>;
}

/** What an edit by hand is told by. */
export interface ProvedService {
  /** Null: one task a node. */
  readonly replicas: number | null;
  /** Digest of what the service was written with. */
  readonly written?: string;
}

/** The way back: `<name>/last_good.json`. Moves only when a release was proved healthy. */
export interface LastGood extends Release {
  readonly recipe: string;
  readonly domain: string;
  readonly stack: string;
  /** The swarm node that holds the app's volumes. */
  readonly nodeId: string;
  readonly provedAt: string;
  /** No probe had anybody to ask: that its tasks ran, and went on running, is all that proved it. */
  readonly unprobed?: true;
  /** Full names of the secrets that it ran with; records of older versions have none. */
  readonly secrets?: readonly string[];
}

/** The reason of a quarantine that no failure made: a person went back from that release, and should not find it again. */
export const RESTORED_BY_HAND = 'RestoredByHand';

/** `<name>/quarantine.json`: what failed its health gate is not tried again until it changes or a person lifts it. */
export interface Quarantine {
  readonly version: string;
  readonly commit: string;
  readonly specHash: string;
  readonly reason: string;
  readonly since: string;
}

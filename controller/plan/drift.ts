/** Is what runs what `last_good` says? Answered from the list calls alone. */
import type { LastGood, ProvedService } from '../model/release.ts';
import { adoptedAs, label, type ServiceView, type SwarmView } from '../model/swarm.ts';

export type Drift =
  | { readonly kind: 'none' }
  /** Services are gone, or were written by somebody else: putting `last_good` back is right. */
  | { readonly kind: 'drifted'; readonly what: string }
  /** A service runs another image than `last_good`'s: it may have changed the data, so putting the old one back is not safe. */
  | { readonly kind: 'replaced'; readonly what: string }
  /** Services of this stack that we never deployed, or have no record of: they are not ours to touch. */
  | { readonly kind: 'foreign'; readonly what: string };

/** What runs under the app's stack name, against `last_good`; null before the first install. */
export function judgeDrift(
  view: SwarmView,
  app: string,
  stack: string,
  lastGood: LastGood | null,
): Drift {
  const services = view.services.filter((service) => service.stack === stack);
  const foreign = services.filter((service) => service.labels[label.app] !== app);
  if (foreign[0] !== undefined) {
    return { kind: 'foreign', what: `service ${foreign[0].name} was not deployed by ci-warm` };
  }
  if (lastGood === null) {
    // Labelled as ours, by a controller with another state directory or by one that has lost its own. An install would
    // deploy over data that nobody knows, and take the app away when it fails.
    const [running] = services;
    return running === undefined
      ? { kind: 'none' }
      : {
          kind: 'foreign',
          what: `service ${running.name} runs, and this state directory has no record of it`,
        };
  }
  for (const [name, image] of Object.entries(lastGood.images)) {
    const service = services.find((one) => one.name === `${stack}_${name}`);
    if (service === undefined) return { kind: 'drifted', what: `service ${stack}_${name} is gone` };
    const isAdopted = service.labels[label.adopted] === adoptedAs(service.image, image);
    if (!isAdopted && !isSameImage(service.image, image)) {
      return { kind: 'replaced', what: `service ${service.name} runs ${service.image}` };
    }
    if (service.labels[label.spec] !== lastGood.specHash) {
      return { kind: 'drifted', what: `service ${service.name} runs another spec` };
    }
    const edit = editOf(service, lastGood.proved?.[name]);
    if (edit !== undefined) return { kind: 'drifted', what: `service ${service.name} ${edit}` };
  }
  return { kind: 'none' };
}

/** How a person has changed a service that still carries our labels; records of older versions cannot tell. */
function editOf(service: ServiceView, proved: ProvedService | undefined): string | undefined {
  if (proved === undefined) return undefined;
  const { replicas = null, writtenDigest } = service;
  if (replicas !== proved.replicas) {
    return `was scaled to ${replicaWords(replicas)} by hand, and ${replicaWords(proved.replicas)} belong to the release`;
  }
  const isEdited =
    proved.written !== undefined && writtenDigest !== undefined && writtenDigest !== proved.written;
  return isEdited ? 'was changed by hand' : undefined;
}

function replicaWords(replicas: number | null): string {
  return replicas === null ? 'one task a node' : String(replicas);
}

/** Swarm may show `name:tag@digest` for what was written as `name@digest`. */
function isSameImage(shown: string, pinned: string): boolean {
  const digestOf = (reference: string): string => reference.slice(reference.indexOf('@') + 1);
  return shown === pinned || (pinned.includes('@') && digestOf(shown) === digestOf(pinned));
}

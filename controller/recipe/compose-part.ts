/**
 * What one compose file says of a service: the short forms and the long ones brought to one shape.
 *
 * Only what the gates, the health checks and our override ask for; everything else is between the recipe and Docker.
 */
import { countOf, listOf, memberOf, membersOf, pairsOf, textOf } from './yaml-value.ts';

export interface Mount {
  readonly kind: 'volume' | 'bind' | 'other';
  /** The volume's name in the compose file, or the path on the host; empty for an anonymous volume. */
  readonly source: string;
  readonly target: string;
}

export interface Healthcheck {
  readonly isOff: boolean;
  readonly test: readonly string[];
}

/** Undefined and empty mean: this file says nothing of it. */
export interface ServicePart {
  readonly image: string | undefined;
  readonly environment: ReadonlyMap<string, string | null>;
  readonly envFiles: readonly string[];
  readonly labels: ReadonlyMap<string, string | null>;
  readonly deployLabels: ReadonlyMap<string, string | null>;
  readonly mounts: readonly Mount[];
  /** Container ports of `ports`, then of `expose`. */
  readonly ports: readonly number[];
  readonly networks: readonly string[];
  /** Keys of the top-level secrets and configs that it uses. */
  readonly secrets: readonly string[];
  readonly configs: readonly string[];
  readonly replicas: number | undefined;
  readonly restartCondition: string | undefined;
  readonly updateOrder: 'stop-first' | 'start-first' | undefined;
  readonly healthcheck: Healthcheck | undefined;
}

/** `value`: what stands under the service's name. Never throws. */
export function readServicePart(value: unknown): ServicePart {
  const deploy = memberOf(value, 'deploy');
  const order = textOf(memberOf(deploy, 'update_config', 'order'));
  return {
    image: textOf(memberOf(value, 'image')),
    environment: pairsOf(memberOf(value, 'environment')),
    envFiles: textsOf(memberOf(value, 'env_file')),
    labels: pairsOf(memberOf(value, 'labels')),
    deployLabels: pairsOf(memberOf(deploy, 'labels')),
    mounts: listOf(memberOf(value, 'volumes')).flatMap(readMount),
    ports: [
      ...listOf(memberOf(value, 'ports')).flatMap(readPort),
      ...listOf(memberOf(value, 'expose')).flatMap(readPort),
    ],
    networks: keysOf(memberOf(value, 'networks')),
    secrets: listOf(memberOf(value, 'secrets')).flatMap(readUse),
    configs: listOf(memberOf(value, 'configs')).flatMap(readUse),
    replicas: countOf(memberOf(deploy, 'replicas')),
    restartCondition: textOf(memberOf(deploy, 'restart_policy', 'condition')),
    updateOrder: order === 'stop-first' || order === 'start-first' ? order : undefined,
    healthcheck: readHealthcheck(memberOf(value, 'healthcheck')),
  };
}

/** `source:target:options`, `target` alone, or the long form. */
function readMount(value: unknown): readonly Mount[] {
  const short = textOf(value);
  if (short === undefined) {
    const type = textOf(memberOf(value, 'type'));
    const kind = type === 'volume' || type === 'bind' ? type : 'other';
    const source = textOf(memberOf(value, 'source')) ?? '';
    return [{ kind, source, target: textOf(memberOf(value, 'target')) ?? '' }];
  }
  const [first = '', second] = short.split(':');
  if (second === undefined) return [{ kind: 'volume', source: '', target: first }];
  return [{ kind: /^[./~]/.test(first) ? 'bind' : 'volume', source: first, target: second }];
}

/** `80`, `8080:80`, `127.0.0.1:8080:80/tcp`, `3000-3005`, or the long form: the port inside the container. */
function readPort(value: unknown): readonly number[] {
  const text = textOf(value) ?? textOf(memberOf(value, 'target')) ?? '';
  const inside = text.slice(text.lastIndexOf(':') + 1);
  const port = Number(
    /^(?<port>\d{1,5})(?:-\d{1,5})?(?:\/[a-z]+)?$/.exec(inside)?.groups?.['port'],
  );
  return port >= 1 && port <= 65_535 ? [port] : [];
}

function readUse(value: unknown): readonly string[] {
  const source = textOf(value) ?? textOf(memberOf(value, 'source'));
  return source === undefined ? [] : [source];
}

function readHealthcheck(value: unknown): ServicePart['healthcheck'] {
  if (!(value instanceof Map)) return undefined;
  const test = memberOf(value, 'test');
  const line = textOf(test);
  return {
    isOff: memberOf(value, 'disable') === true,
    test:
      line === undefined
        ? listOf(test).flatMap((member) => textOf(member) ?? [])
        : ['CMD-SHELL', line],
  };
}

/** A list of names, or a map whose keys are the names. */
function keysOf(value: unknown): readonly string[] {
  return [...listOf(value).flatMap(readUse), ...membersOf(value).map(([key]) => key)];
}

/** One text, or a list of them; the long form of a member says its `path`. */
function textsOf(value: unknown): readonly string[] {
  const single = textOf(value);
  if (single !== undefined) return [single];
  return listOf(value).flatMap((member) => {
    const text = textOf(member) ?? textOf(memberOf(member, 'path'));
    return text === undefined ? [] : [text];
  });
}

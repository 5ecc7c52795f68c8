import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import type { AppIdentity } from '../../controller/model/app.ts';
import type { ServiceReading } from '../../controller/model/recipe.ts';
import { renderOverride } from '../../controller/recipe/override.ts';
import { dockerNameOf, externalNetworkOf, type Project } from '../../controller/recipe/project.ts';
import { readStack, type StackReading } from '../../controller/recipe/read-recipe.ts';
import { renderStackFile } from '../../controller/recipe/stack-file.ts';
import { corpusApp, recipeCases } from './corpus.ts';

describe.each(recipeCases())('the recipe of the corpus: $name', (one) => {
  const stack = readStack(one.files, one.app, one.release);

  test('is read as recorded', async () => {
    const reading = `${JSON.stringify(stack.reading, null, 2)}\n`;

    await expect(reading).toMatchFileSnapshot(join(one.folder, 'reading.json'));
  });

  test('is handed to Docker as recorded', async () => {
    const override = renderOverride({ ...one, stack, nodeId: 'node-1' });
    const { path, text } = renderStackFile({ loaded: stack.loaded, files: one.files, override });

    await expect(`# ${path}\n${text}`).toMatchFileSnapshot(join(one.folder, 'rendered.yml'));
  });

  test('asks for what Swarm was asked for when Docker was given it', () => {
    const record = join(one.folder, 'swarm.yml');
    const isRefused = stack.reading.problems.length > 0;
    expect(existsSync(record)).toBe(!isRefused);
    if (isRefused) return;
    const swarm = parse(readFileSync(record, 'utf8')) as RecordedSwarm;

    expect(
      stack.reading.services.map((service) => read(service, stack, one.app)).sort(byName),
    ).toEqual(swarm.services.map(recorded).sort(byName));
  });

  test('keeps every line of its compose files where it is', () => {
    for (const { path, text } of stack.loaded.files) {
      const written = keysOf(one.files.get(path) ?? '');
      const rendered = keysOf(text);

      expect(rendered).toMatchObject(written);
    }
  });
});

interface Asked {
  readonly name: string;
  readonly mounts: readonly string[];
  readonly networks: readonly string[];
  readonly labels: Readonly<Record<string, unknown>>;
  readonly replicas: number;
  readonly hasHealthcheck: boolean;
  readonly mayEnd: boolean;
}

/** As test/live/recipe-corpus.test.ts records it. */
interface RecordedSwarm {
  readonly services: readonly RecordedService[];
}

interface RecordedService {
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly Mode?: { readonly Replicated?: { readonly Replicas?: number } };
  readonly TaskTemplate: {
    readonly ContainerSpec: {
      readonly Labels?: Readonly<Record<string, string>>;
      readonly Mounts?: readonly {
        readonly Type: string;
        readonly Source?: string;
        readonly Target: string;
      }[];
      readonly Healthcheck?: { readonly Test?: readonly string[] };
    };
    readonly Networks: readonly { readonly Target: string }[];
    readonly RestartPolicy?: { readonly Condition?: string };
  };
}

/** Labels that our override sets over the recipe's, and those that Docker leaves out because they are empty. */
const OTHERWISE = /^(?:coop-cloud\..*\.version|traefik\.docker\.network)$/;

function recorded({ Name, Labels, Mode, TaskTemplate }: RecordedService): Asked {
  const { ContainerSpec, Networks, RestartPolicy } = TaskTemplate;
  return {
    name: Name,
    mounts: (ContainerSpec.Mounts ?? [])
      .filter(({ Type, Source }) => Type === 'volume' && Source !== undefined)
      .map(({ Source = '', Target }) => `${Source} ${Target}`)
      .sort(),
    networks: Networks.map(({ Target }) => Target).sort(),
    labels: withoutOtherwise({ ...ContainerSpec.Labels, ...Labels }),
    replicas: Mode?.Replicated?.Replicas ?? 1,
    hasHealthcheck: ![undefined, 'NONE'].includes(ContainerSpec.Healthcheck?.Test?.[0]),
    mayEnd: ['none', 'on-failure'].includes(RestartPolicy?.Condition ?? ''),
  };
}

function read(service: ServiceReading, { loaded }: StackReading, app: AppIdentity): Asked {
  const { volumes, networks } = loaded.project;
  const short = (text: string): string => text.replaceAll(corpusApp.stack, '<stack>');
  const named = (all: Project['volumes'], key: string): string => {
    const declared = all.get(key);
    if (all === networks && declared?.isExternal === true) return externalNetworkOf(declared, app);
    return short(declared === undefined ? `<stack>_${key}` : dockerNameOf(declared, '<stack>'));
  };
  return {
    name: `<stack>_${service.name}`,
    mounts: service.mounts.map((one) => `${named(volumes, one.volume)} ${one.target}`).sort(),
    networks: service.networks.map((key) => named(networks, key)).sort(),
    labels: withoutOtherwise(
      Object.fromEntries(
        Object.entries(service.labels).map(([key, value]) => [short(key), short(value)]),
      ),
    ),
    replicas: service.replicas,
    hasHealthcheck: service.hasHealthcheck,
    mayEnd: service.mayEnd,
  };
}

function withoutOtherwise(labels: Readonly<Record<string, string>>): Asked['labels'] {
  const kept = Object.entries(labels).filter(
    ([key, value]) => !OTHERWISE.test(key) && value !== '',
  );
  return Object.fromEntries(kept);
}

function byName(a: Asked, b: Asked): number {
  return a.name < b.name ? -1 : 1;
}

/** Line number → the key that the line begins with. The version may be written in anywhere. */
function keysOf(text: string): Readonly<Record<number, string>> {
  const keys: Record<number, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    const key = /^ *"?(?<key>[\w.-]+)"?:/.exec(line)?.groups?.['key'];
    if (key !== undefined) keys[index + 1] = key;
  }
  return keys;
}

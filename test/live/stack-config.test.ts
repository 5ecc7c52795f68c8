/**
 * Do we read compose files as Docker does? Newer Docker command lines print what they make of a stack, which needs no
 * Engine: for each recipe of the corpus it has to be the same, whether Docker interpolates or we do; and what we say that
 * the recipe asks for has to be what Docker says.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { readStack } from '../../controller/recipe/read-recipe.ts';
import { recipeCases, type RecipeCase } from '../recipe/corpus.ts';

interface DockerService {
  readonly image?: string;
  readonly deploy?: {
    readonly replicas?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly restart_policy?: { readonly condition?: string };
  };
  readonly labels?: Readonly<Record<string, string>>;
  readonly volumes?: readonly {
    readonly type: string;
    readonly source?: string;
    readonly target: string;
  }[];
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly ports?: readonly { readonly target: number }[];
}

interface DockerConfig {
  readonly services: Readonly<Record<string, DockerService>>;
  readonly volumes?: Readonly<Record<string, { readonly external?: boolean }>>;
  readonly secrets?: Readonly<
    Record<string, { readonly external?: boolean; readonly name?: string }>
  >;
}

const program = ['/usr/local/bin/docker', '/usr/bin/docker'].find(
  (path) => existsSync(path) && knowsStackConfig(path),
);

function knowsStackConfig(path: string): boolean {
  return execFileSync(path, ['stack', '--help']).toString().includes('  config ');
}

describe.each(recipeCases().filter((one) => one.name !== 'broken'))('the corpus: $name', (one) => {
  let folder = '';
  const stack = readStack(one.files, one.app, one.release);
  const paths = stack.loaded.paths;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ci-warm-config-'));
    cpSync(one.recipeFolder, folder, { recursive: true });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('is the same to Docker, whether it fills in the variables or we do', (context) => {
    if (program === undefined) context.skip('no Docker command line here knows `stack config`');
    writeWithOneVersion(folder, one, stack.loaded.version);
    if (!one.dockerKnows) {
      expect(() => configOf(folder, paths, { ...stack.reading.env })).toThrow(
        'invalid interpolation',
      );
      return;
    }
    const byDocker = configOf(folder, paths, { ...stack.reading.env });

    for (const { path, text } of stack.loaded.files) writeFileSync(join(folder, path), text);
    // Variables without a value in the files are given by the override, which is not here.
    const byUs = configOf(folder, paths, { ...stack.reading.env });

    expect(withoutFragments(byUs)).toEqual(withoutFragments(byDocker));
  });

  test('asks for what Docker says it asks for', (context) => {
    if (program === undefined) context.skip('no Docker command line here knows `stack config`');
    for (const { path, text } of stack.loaded.files) writeFileSync(join(folder, path), text);
    const config = configOf(folder, paths, {}) as unknown as DockerConfig;

    const { services, volumes, secrets } = stack.reading;
    expect(services.map((service) => service.name).sort()).toEqual(
      Object.keys(config.services).sort(),
    );
    for (const service of services) {
      const docker = config.services[service.name] ?? {};
      expect({
        ...service,
        mounts: sortMounts(service.mounts),
        networks: [...service.networks].sort(),
      }).toMatchObject({
        image: docker.image,
        replicas: docker.deploy?.replicas ?? 1,
        labels: { ...docker.labels, ...docker.deploy?.labels },
        mounts: sortMounts(
          (docker.volumes ?? []).flatMap(({ type, source, target }) =>
            type === 'volume' && source !== undefined ? [{ volume: source, target }] : [],
          ),
        ),
        networks: Object.keys(docker.networks ?? { default: null }).sort(),
        mayEnd: ['none', 'on-failure'].includes(docker.deploy?.restart_policy?.condition ?? 'any'),
      });
      expect(service.targetPorts).toEqual(
        expect.arrayContaining((docker.ports ?? []).map((port) => port.target)),
      );
    }
    expect([...volumes].sort()).toEqual(
      Object.entries(config.volumes ?? {})
        .flatMap(([name, one]) => (one.external === true ? [] : [name]))
        .sort(),
    );
    expect(secrets.map((secret) => secret.fullName).sort()).toEqual(
      Object.entries(config.secrets ?? {})
        .flatMap(([name, one]) => (one.external === true ? [one.name ?? name] : []))
        .sort(),
    );
  });
});

function configOf(
  folder: string,
  paths: readonly string[],
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const files = paths.flatMap((path) => ['-c', path]);
  const output = execFileSync(program ?? 'docker', ['stack', 'config', ...files], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return parse(output.toString()) as Readonly<Record<string, unknown>>;
}

/** The recipe's own files, with nothing but their versions made equal: Docker refuses a mixture. */
function writeWithOneVersion(folder: string, one: RecipeCase, version: string): void {
  for (const path of readStack(one.files, one.app, one.release).loaded.paths) {
    const text = one.files.get(path) ?? '';
    const without = text.replace(/^version:.*$/m, '');
    const isFlow = without.trimStart().startsWith('{');
    const line = `version: "${version}"`;
    writeFileSync(
      join(folder, path),
      isFlow ? without.replace('{', `{${line}, `) : `${without}\n${line}\n`,
    );
  }
}

/** Fragments under `x-…` are nothing to Docker. */
function withoutFragments(
  config: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !key.startsWith('x-')));
}

function sortMounts<Mount extends { readonly target: string }>(
  mounts: readonly Mount[],
): readonly Mount[] {
  return [...mounts].sort((a, b) => (a.target < b.target ? -1 : 1));
}

/** `npm run clean` as a whole, in a checkout of its own, with a docker command line that only remembers. */
import { existsSync } from 'node:fs';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashTexts } from '../../controller/setup/content-hash.ts';
import { registryAddress } from '../../controller/setup/registry.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Lists what `world.json` has, notes what is removed, and is a Swarm of one node. */
const docker = `#!${process.execPath}
const fs = require('node:fs');
const [kind, verb, ...rest] = process.argv.slice(2);
const file = __dirname + '/world.json';
const world = JSON.parse(fs.readFileSync(file, 'utf8'));
const labels = rest.filter((text) => text.startsWith('label=')).map((text) => text.slice(6));
const format = rest[rest.indexOf('--format') + 1];
if (kind === 'info') process.stdout.write('active true cluster1\\n');
else if (verb === 'ls') {
  const found = world.filter((it) => it.kind === kind && labels.every((label) => it.labels.includes(label)));
  const show = (it) => format === '{{.Image}}' ? it.image ?? '' : format?.includes('.Driver') ? it.name + ' overlay ' + it.name + '-id' : it.name;
  process.stdout.write(found.map((it) => show(it) + '\\n').join(''));
} else {
  const names = rest.filter((text) => !text.startsWith('--'));
  const isNamed = (it) => names.includes(it.name) || names.includes(it.name + '-id');
  fs.appendFileSync(__dirname + '/removed', [kind, verb, ...names].join(' ') + '\\n');
  fs.writeFileSync(file, JSON.stringify(world.filter((it) => !(it.kind === kind && isNamed(it)))));
}
`;

interface Thing {
  readonly kind: string;
  readonly name: string;
  readonly labels?: readonly string[];
  readonly image?: string;
}

let place: string;
let checkout: string;
let state: string;
let engine: Server;

beforeEach(async () => {
  place = await realpath(await mkdtemp(join(tmpdir(), 'ci-warm-clean-')));
  checkout = join(place, 'checkout');
  state = join(place, 'state');
  for (const folder of ['setup', 'model', 'adapters/files']) {
    await cp(join(root, 'controller', folder), join(checkout, 'controller', folder), {
      recursive: true,
    });
  }
  await cp(join(root, 'package.json'), join(checkout, 'package.json'));
  await symlink(join(root, 'node_modules'), join(checkout, 'node_modules'));
  await mkdir(join(checkout, '.ground', 'registry', 'data'), { recursive: true });
  await mkdir(join(place, 'bin'));
  await writeFile(join(place, 'bin', 'package.json'), '{"type":"commonjs"}');
  await writeFile(join(place, 'bin', 'docker'), docker);
  await chmod(join(place, 'bin', 'docker'), 0o755);
  engine = createServer((_, response) => response.end('OK'));
  await new Promise<void>((resolve) => {
    engine.listen(join(place, 'sock'), resolve);
  });
});

afterEach(async () => {
  engine.close();
  await rm(place, { recursive: true, force: true });
});

async function record(made: Readonly<Record<string, unknown>>): Promise<void> {
  await writeFile(join(checkout, '.ground', 'made.json'), JSON.stringify(made));
}

async function app(name: string, recipes: string): Promise<void> {
  await mkdir(join(state, name, 'volumes'), { recursive: true });
  const identity = { name, recipeUrl: `${recipes}/${name}.git`, stack: `warm-${name}_ci` };
  const line = JSON.stringify({ phase: 'begin', input: { app: identity } });
  await writeFile(join(state, name, 'journal.jsonl'), `${line}\n`);
}

const stack = (name: string): readonly string[] => [
  `com.docker.stack.namespace=warm-${name}_ci`,
  `dev.ci-warm.app=${name}`,
];

const sampleImage = (name: string, inputs: string, builtIn = checkout): Thing => ({
  kind: 'image',
  name,
  labels: [
    `dev.ci-warm.sample-image=${inputs}`,
    'dev.ci-warm.sample-image',
    `dev.ci-warm.sample-checkout=${hashTexts([builtIn])}`,
  ],
});

async function world(...things: readonly Thing[]): Promise<void> {
  const complete = things.map((thing) => ({ labels: [], ...thing }));
  await writeFile(join(place, 'bin', 'world.json'), JSON.stringify(complete));
}

/** Runs it; returns what it said and what it had Docker do. */
async function clean(): Promise<{ readonly said: string; readonly did: readonly string[] }> {
  await rm(join(place, 'bin', 'removed'), { force: true });
  const main = join(checkout, 'controller', 'setup', 'main.ts');
  const { stderr } = await execa(process.execPath, [main, 'clean'], {
    env: {
      PATH: `${join(place, 'bin')}:${process.env['PATH'] ?? ''}`,
      DOCKER_HOST: `unix://${join(place, 'sock')}`,
    },
  });
  const did = await readFile(join(place, 'bin', 'removed'), 'utf8').catch(() => '');
  return { said: stderr, did: did.split('\n').filter((line) => line !== '') };
}

const made = { swarm: 'cluster1', network: 'proxy-id', images: ['i1'] };

describe('npm run clean', () => {
  test('takes away what the record names, and then the record', async () => {
    await record({ ...made, stateDirectory: state });
    await app('guestbook', join(checkout, '.ground', 'recipes'));
    await world(
      { kind: 'service', name: 'app', labels: stack('guestbook') },
      { kind: 'network', name: 'proxy' },
      sampleImage('built', 'i1'),
    );

    const { said, did } = await clean();

    expect(did).toEqual([
      'service rm app',
      'image rm built',
      'network rm proxy-id',
      'swarm leave',
      'network rm docker_gwbridge',
    ]);
    expect(said).not.toContain('stay');
    expect(existsSync(state)).toBe(false);
    expect(existsSync(join(checkout, '.ground'))).toBe(false);
  });

  test('R2: an app of somebody else in that directory is named, and all that it stands on stays, also the next time', async () => {
    await record({ ...made, stateDirectory: state });
    await app('guestbook', join(checkout, '.ground', 'recipes'));
    await app('mine', 'https://git.example.org');
    // Stopped just now: nothing in the Swarm shows it.
    await world(
      { kind: 'service', name: 'app', labels: stack('guestbook') },
      { kind: 'network', name: 'proxy' },
      sampleImage('built', 'i1'),
    );

    const first = await clean();
    const second = await clean();

    expect([first.did, second.did]).toEqual([['service rm app'], []]);
    for (const { said } of [first, second]) {
      expect(said).toContain(
        `${join(state, 'mine')} stays, and so does its app: its recipe is at https://git.example.org/mine.git`,
      );
      expect(said).toContain('the Swarm, the network `proxy`, the registry');
      expect(said).toContain('Take ci-warm away');
    }
    expect(existsSync(join(state, 'mine', 'journal.jsonl'))).toBe(true);
    expect(existsSync(join(checkout, '.ground', 'registry', 'data'))).toBe(true);
  });

  test('once the others have taken theirs away, it takes away the rest', async () => {
    await record({ ...made, stateDirectory: state });
    await app('mine', 'https://git.example.org');
    await world({ kind: 'network', name: 'proxy' });
    await clean();
    await rm(state, { recursive: true });

    const { did } = await clean();

    expect(did).toContain('swarm leave');
    expect(existsSync(join(checkout, '.ground'))).toBe(false);
  });

  test('R2: a checkout that built nothing leaves the images of another one', async () => {
    await record({});
    await world(sampleImage('theirs', 'i2'));

    expect((await clean()).did).toEqual([]);
  });

  test('R2: of images with the same label only those that were built here go', async () => {
    await record({ images: ['i1'] });
    await world(
      sampleImage('before the record', 'i2'),
      sampleImage('of the same files', 'i1', '/srv/other'),
      sampleImage('built', 'i1'),
    );

    expect((await clean()).did).toEqual(['image rm built']);
  });

  test('registry and images stay while somebody runs one of them', async () => {
    await record({ images: ['i1'] });
    const image = `${registryAddress}/guestbook@sha256:abc`;
    await world(sampleImage('built', 'i1'), { kind: 'service', name: 'theirs', image });

    const { said, did } = await clean();

    expect(did).toEqual([]);
    expect(said).toContain('the registry and the sample images stay');
    expect(existsSync(join(checkout, '.ground', 'registry', 'data'))).toBe(true);
  });
});

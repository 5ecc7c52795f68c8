import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { renderApart, whyNotApart } from '../../controller/recipe/isolate.ts';
import { readStack } from '../../controller/recipe/read-recipe.ts';
import { corpusApp, corpusRelease } from './corpus.ts';

const compose = `version: "3.8"
services:
  app:
    image: images.example.org/app:1
    ports: ["80:80", { target: 443, published: 443, mode: host }]
    networks: [proxy, internal]
    environment: { DB: "\${STACK_NAME}_db", PRICE: "5$$" }
    labels: { traefik.enable: "true" }
    configs: [{ source: conf, target: /etc/conf }]
    secrets: [key]
    volumes: ["data:/data"]
    deploy:
      labels: ["traefik.http.routers.\${STACK_NAME}.rule=Host(\`\${DOMAIN}\`)"]
      restart_policy: { condition: on-failure }
  db:
    image: images.example.org/db:1
    networks: { internal: { aliases: [database] } }
    volumes: ["db:/var/lib/db"]
networks:
  proxy: { external: true }
  internal: { name: "\${STACK_NAME}_internal" }
volumes:
  data:
  db: { name: "\${STACK_NAME}_elsewhere", driver_opts: { type: none } }
configs:
  conf: { name: "\${STACK_NAME}_conf_v1", file: conf.tmpl, template_driver: golang }
secrets:
  key: { external: true, name: "\${STACK_NAME}_key_v1" }
`;

type Tree = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function stackOf(text: string) {
  const files = new Map([['compose.yml', text]]);
  return { files, stack: readStack(files, corpusApp, corpusRelease) };
}

function isolated(text = compose): Tree {
  return parse(render(stackOf(text))) as Tree;
}

function render({ files, stack }: ReturnType<typeof stackOf>): string {
  return renderApart({
    app: corpusApp,
    release: corpusRelease,
    stack,
    files,
    nodeId: 'node1',
  }).text;
}

describe('a stack of a drill', () => {
  test('has no published port, and no label that a proxy goes by', () => {
    const text = JSON.stringify(isolated());

    expect(text).not.toContain('ports');
    expect(text).not.toContain('traefik');
    expect(text).not.toContain('coop-cloud');
  });

  test('is on networks of its own alone, where services have the names that the app knows them by', () => {
    const file = isolated();

    expect(file['networks']).toEqual({
      proxy: { driver: 'overlay' },
      internal: { driver: 'overlay' },
    });
    expect(file['services']?.['db']).toMatchObject({
      networks: { internal: { aliases: ['db', `${corpusApp.stack}_db`, 'database'] } },
    });
  });

  test('has volumes and configs of its own, whatever name the recipe gives them', () => {
    const file = isolated();

    expect(file['volumes']).toEqual({ data: {}, db: {} });
    expect(file['configs']?.['conf']).toEqual({
      file: 'conf.tmpl',
      template_driver: 'golang',
      labels: { 'dev.ci-warm.app': corpusApp.name },
    });
  });

  test('uses the secrets of the app, and is configured like it', () => {
    const file = isolated();

    expect(file['secrets']?.['key']).toEqual({ external: true, name: `${corpusApp.stack}_key_v1` });
    expect(file['services']?.['app']).toMatchObject({
      environment: { DB: `${corpusApp.stack}_db`, PRICE: '5$$' },
      deploy: { restart_policy: { condition: 'on-failure' } },
    });
  });

  test('carries the labels by which it is taken away again', () => {
    const ours = { 'dev.ci-warm.app': corpusApp.name, 'dev.ci-warm.spec': corpusRelease.specHash };

    expect(isolated()['services']?.['app']).toMatchObject({
      labels: ours,
      deploy: { labels: ours, update_config: { failure_action: 'pause' } },
    });
  });
});

describe('a stack of a drill of a recipe with two files', () => {
  const base = `version: "3.8"
services:
  app:
    image: images.example.org/app:1
    command: ["serve", "--port", "80"]
    ports: ["53:53/tcp", "53:53/udp"]
    user: 0099
    environment: { SINCE: 2020-01-02 }
    configs:
      - { source: conf, target: /etc/a, mode: 0444 }
configs:
  conf: { file: conf.tmpl, external: false }
volumes:
  data: { external: false, name: elsewhere }
`;
  const over = `version: "3.8"
services:
  app:
    command: ["serve", "--verbose"]
    ports: [{ target: 443, published: 443, protocol: udp }]
    volumes: ["data:/data"]
`;
  const files = new Map([
    ['compose.yml', base],
    ['compose.more.yml', over],
  ]);
  const release = { ...corpusRelease, env: { COMPOSE_FILE: 'compose.yml:compose.more.yml' } };
  const text = render({ files, stack: readStack(files, corpusApp, release) });

  test('has values as they were written: what they mean is for Docker to say', () => {
    expect(text).toMatch(/"mode": 0444$/m);
    expect(text).toMatch(/"user": 0099$/m);
    expect(text).toMatch(/"SINCE": 2020-01-02$/m);
  });

  test('has the command of the last file alone, as the app has', () => {
    const file = parse(text) as Tree;

    expect(file['services']?.['app']).toMatchObject({ command: ['serve', '--verbose'] });
  });

  test('has no port of either file, whatever its protocol', () => {
    expect(text).not.toMatch(/ports|published|53/);
  });

  test('has a volume and a config of its own where the recipe says that they are not external', () => {
    const file = parse(text) as Tree;

    expect(file['volumes']).toEqual({ data: {} });
    expect(file['configs']?.['conf']).toMatchObject({
      labels: { 'dev.ci-warm.app': corpusApp.name },
    });
  });
});

describe('a stack that could touch more than itself', () => {
  const service = (more: string, rest = ''): string =>
    `version: "3.8"\nservices:\n  app:\n    image: x\n    ${more}\n${rest}`;

  test.each([
    { name: 'a folder of the host', text: service('volumes: ["/srv/data:/data"]') },
    {
      name: 'a folder of the host, in the long form',
      text: service('volumes: [{ type: bind, source: /srv/data, target: /data }]'),
    },
    { name: 'Docker’s socket', text: service('volumes: ["/var/run/docker.sock:/docker.sock:ro"]') },
    { name: 'a network of the host', text: service('network_mode: host') },
    {
      name: 'a volume of others',
      text: service('volumes: ["shared:/data"]', 'volumes: { shared: { external: true } }'),
    },
    {
      name: 'a secret made by Docker',
      text: service('secrets: [key]', 'secrets: { key: { file: key.txt } }'),
    },
  ])('by $name is refused', ({ text }) => {
    expect(whyNotApart(stackOf(text).stack)).toBeDefined();
  });

  test.each([
    { name: 'the usual recipe', text: compose },
    {
      name: 'a file of the host, only read',
      text: service('volumes: ["/etc/localtime:/etc/localtime:ro"]'),
    },
    { name: 'memory', text: service('volumes: [{ type: tmpfs, target: /tmp }]') },
  ])('does not count as such by $name', ({ text }) => {
    expect(whyNotApart(stackOf(text).stack)).toBeUndefined();
  });
});

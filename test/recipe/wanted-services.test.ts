import { expect, test } from 'vitest';
import { readStructure } from '../../controller/recipe/read-structure.ts';
import type { WantedService } from '../../controller/model/structure.ts';
import { commitOf } from '../build/recipe.ts';

const app = {
  recipe: 'book',
  domain: 'book.example.org',
  stack: 'book_example_org',
  proxyNetwork: 'public',
} as const;

const compose = `version: "3.8"
services:
  app:
    image: nginx:1.27
    networks: [proxy, internal]
    env_file: app.env
    environment:
      - DOMAIN
      - TITLE=
      - SAID=\${TITLE}!
      - UNKNOWN
      - NOTHING=
    volumes: ["files:/srv", "shared:/shared", "./page:/page", "/anonymous"]
    secrets: [token]
    configs: [{source: conf, target: /conf}]
    deploy: {replicas: 2}
  worker:
    image: busybox:1
volumes:
  files:
  shared: {name: media}
networks:
  proxy: {external: true}
  internal:
secrets:
  token: {external: true, name: "\${STACK_NAME}_token_v1"}
configs:
  conf: {name: "\${STACK_NAME}_conf_v2", file: conf.tmpl}
`;
const files = new Map([
  ['compose.yml', compose],
  ['.env.sample', 'DOMAIN=book.example.com\nTITLE=Book\nFROM_APP=yes\n'],
  ['app.env', 'FROM_FILE=1\nSAID=by the file\nFROM_APP\n'],
  ['conf.tmpl', 'x'],
]);

function wanted(): readonly WantedService[] {
  const env = { TITLE: 'Ours' };
  return readStructure(files, app as never, { version: '1.0.0+1', commit: commitOf('1'), env })
    .wanted;
}

test('a service is wanted with what a deploy would write, by the names that Docker has for it', () => {
  const [service] = wanted();

  expect(service).toMatchObject({
    name: 'app',
    replicas: 2,
    mounts: [
      { kind: 'volume', source: 'book_example_org_files', target: '/srv' },
      { kind: 'volume', source: 'media', target: '/shared' },
      { kind: 'bind', source: './page', target: '/page' },
      { kind: 'volume', source: '', target: '/anonymous' },
    ],
    secrets: ['book_example_org_token_v1'],
    configs: ['book_example_org_conf_v2'],
    networks: ['public', 'book_example_org_internal'],
  });
});

test('its variables are the recipe’s over those of its files, and open ones the app’s', () => {
  expect(Object.fromEntries(wanted()[0]?.environment ?? [])).toEqual({
    DOMAIN: 'book.example.org',
    TITLE: 'Ours',
    SAID: 'Ours!',
    NOTHING: '',
    FROM_FILE: '1',
    FROM_APP: 'yes',
  });
});

test('one that names no network is on that of its stack', () => {
  expect(wanted()[1]?.networks).toEqual(['book_example_org_default']);
});

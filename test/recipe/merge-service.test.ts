import { describe, expect, test } from 'vitest';

import { mergeService } from '../../controller/recipe/merge-service.ts';
import { readTree, showTree } from '../../controller/recipe/yaml-tree.ts';

function merged(base: string, over: string): unknown {
  const [first, second] = [base, over].map((text) => readTree(text) ?? new Map());
  return showTree(mergeService(first ?? new Map(), second ?? new Map()));
}

function shown(text: string): unknown {
  return showTree(readTree(text) ?? new Map());
}

/** Each row is what `docker stack config` of Docker 28 prints for two files. */
describe('mergeService', () => {
  test.each([
    { name: 'a text is replaced', base: 'image: a', over: 'image: b', result: 'image: b' },
    { name: 'an empty text is none', base: 'user: "1"', over: 'user: ""', result: 'user: "1"' },
    {
      name: 'null is nothing',
      base: 'deploy: {replicas: 1}',
      over: 'deploy: ',
      result: 'deploy: {replicas: 1}',
    },
    { name: 'false is nothing', base: 'tty: true', over: 'tty: false', result: 'tty: true' },
    {
      name: 'nought is something',
      base: 'deploy: {replicas: 3}',
      over: 'deploy: {replicas: 0}',
      result: 'deploy: {replicas: 0}',
    },
    {
      name: 'a command is replaced',
      base: 'command: [a, b]',
      over: 'command: c',
      result: 'command: c',
    },
    {
      name: 'a list of a command is replaced by a list',
      base: 'command: [a, b]',
      over: 'command: [c]',
      result: 'command: [c]',
    },
    {
      name: 'a list of an entrypoint is replaced by a list',
      base: 'entrypoint: [a, b]',
      over: 'entrypoint: [c]',
      result: 'entrypoint: [c]',
    },
    {
      name: 'an empty command is none',
      base: 'command: [a, b]',
      over: 'command: []',
      result: 'command: [a, b]',
    },
    {
      name: 'an entrypoint is replaced',
      base: 'entrypoint: a',
      over: 'entrypoint: [b]',
      result: 'entrypoint: [b]',
    },
    {
      name: 'variables add up',
      base: 'environment: [A=1, B=1]',
      over: 'environment: {B: 2, C: 3}',
      result: 'environment: {A: "1", B: 2, C: 3}',
    },
    {
      name: 'an empty variable takes nothing away',
      base: 'environment: {A: x, B: y}',
      over: 'environment: [A, B=]',
      result: 'environment: {A: x, B: y}',
    },
    {
      name: 'an empty variable is one where there is none',
      base: 'environment: [A]',
      over: 'environment: {A: "", B: }',
      result: 'environment: {A: "", B: }',
    },
    {
      name: 'an empty label is one',
      base: 'labels: {a: x, b: y}',
      over: 'labels: [a, b=]',
      result: 'labels: {a: "", b: ""}',
    },
    {
      name: 'labels of the service add up',
      base: 'deploy: {labels: [a=1]}',
      over: 'deploy: {labels: {b: "2"}}',
      result: 'deploy: {labels: {a: "1", b: "2"}}',
    },
    {
      name: 'networks add up, aliases do not',
      base: 'networks: {n: {aliases: [q], ipv4_address: 1.2.3.4}, m: }',
      over: 'networks: {n: {aliases: [r]}, o: }',
      result: 'networks: {n: {aliases: [r], ipv4_address: 1.2.3.4}, m: , o: }',
    },
    {
      name: 'a list of networks is a map without options',
      base: 'networks: [a]',
      over: 'networks: [b]',
      result: 'networks: {a: , b: }',
    },
    {
      name: 'mounts are kept by their target',
      base: 'volumes: ["a:/x", "b:/y:ro"]',
      over: 'volumes: [{type: volume, source: c, target: /y}, "/z"]',
      result: 'volumes: ["a:/x", {type: volume, source: c, target: /y}, "/z"]',
    },
    {
      name: 'secrets are kept by their source',
      base: 'secrets: [a, b]',
      over: 'secrets: [{source: a, target: x}]',
      result: 'secrets: [b, {source: a, target: x}]',
    },
    {
      name: 'ports are kept by what is published',
      base: 'ports: ["80:1", "90-92:1-3", "127.0.0.1:70:7"]',
      over: 'ports: [{target: 2, published: 80}, "91:9", "70:8"]',
      result: 'ports: [{target: 2, published: 80}, "91:9", "70:8"]',
    },
    {
      name: 'ports that Docker chooses are all kept',
      base: 'ports: ["80", "53:53/udp", "53:53/tcp"]',
      over: 'ports: ["81"]',
      result: 'ports: ["80", "53:53/udp", "53:53/tcp", "81"]',
    },
    {
      name: 'one text is a list of one',
      base: 'dns: 1.1.1.1',
      over: 'dns: [2.2.2.2]',
      result: 'dns: [1.1.1.1, 2.2.2.2]',
    },
    {
      name: 'other lists are appended',
      base: 'cap_add: [A]',
      over: 'cap_add: [B]',
      result: 'cap_add: [A, B]',
    },
    {
      name: 'hosts are a list',
      base: 'extra_hosts: ["a:1.1.1.1"]',
      over: 'extra_hosts: {a: 2.2.2.2}',
      result: 'extra_hosts: ["a:1.1.1.1", "a:2.2.2.2"]',
    },
    {
      name: 'options of one logging driver add up',
      base: 'logging: {driver: x, options: {a: "1"}}',
      over: 'logging: {options: {b: "2"}}',
      result: 'logging: {driver: x, options: {a: "1", b: "2"}}',
    },
    {
      name: 'those of two drivers do not',
      base: 'logging: {driver: x, options: {a: "1"}}',
      over: 'logging: {driver: y, options: {b: "2"}}',
      result: 'logging: {driver: y, options: {b: "2"}}',
    },
    {
      name: 'a limit is replaced as a whole',
      base: 'ulimits: {nofile: {soft: 1, hard: 2}, a: 1}',
      over: 'ulimits: {nofile: 3}',
      result: 'ulimits: {nofile: 3, a: 1}',
    },
    {
      name: 'maps within maps are put together',
      base: 'deploy: {resources: {limits: {memory: 1M, cpus: "1"}}}',
      over: 'deploy: {resources: {limits: {memory: 2M}}}',
      result: 'deploy: {resources: {limits: {memory: 2M, cpus: "1"}}}',
    },
  ])('$name', ({ base, over, result }) => {
    expect(merged(base, over)).toBe(shown(result));
  });
});

describe('a tree of YAML', () => {
  test('keeps numbers, dates and words as they were written', () => {
    const text =
      'a: 0444\nb: 1.10\nc: 2026-01-02\nd: 1_000\ne: "0444"\nf: true\ng: ~\nh: !!str 10\n';

    expect(readTree(text)).toBeDefined();
    expect(shown(text)).toBe(
      '"a": 0444\n"b": 1.10\n"c": 2026-01-02\n"d": 1_000\n"e": "0444"\n"f": true\n"g": null\n"h": "10"\n',
    );
  });

  test('has keys of any length', () => {
    const key = 'k'.repeat(1100);
    const text = shown(`? ${key}\n: {b: 1}\n`);

    expect(readTree(String(text))?.get(key)).toEqual(new Map([['b', { written: '1' }]]));
  });

  test.each(['a: [', 'just text', '- a', '', 'a: 1\na: 2'])(
    'is none where the text is no map: %s',
    (text) => {
      expect(readTree(text)).toBeUndefined();
    },
  );
});

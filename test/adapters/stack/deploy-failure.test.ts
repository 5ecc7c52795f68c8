import { describe, expect, test } from 'vitest';

import {
  deployFailure,
  isOutOfSequence,
} from '../../../controller/adapters/stack/deploy-failure.ts';

describe('deployFailure', () => {
  test.each([
    {
      name: 'a config that changed under its name is the recipe`s fault',
      stderr:
        'failed to update config x_conf_v1: Error response from daemon: rpc error: code = InvalidArgument desc = only updates to Labels are allowed\n',
      code: 'recipe-invalid',
      part: 'the content of config x_conf_v1 changed and its name did not',
    },
    {
      name: 'a network that nobody made is the host`s affair, and may be there later',
      stderr:
        'network "proxy" is declared as external, but could not be found. You need to create a swarm-scoped network before the stack is deployed\n',
      code: 'tool-failed',
      part: 'docker network create --driver overlay proxy',
    },
    {
      name: 'a secret that nobody made may be there later',
      stderr: 'secret not found: shared\n',
      code: 'tool-failed',
      part: 'make it by hand',
    },
    {
      name: 'an Engine that is not there gives no answer',
      stderr:
        'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n',
      code: 'no-answer',
      part: 'docker node ls',
    },
    {
      name: 'a Swarm without a leader gives no answer',
      stderr:
        'Error response from daemon: rpc error: code = Unknown desc = The swarm does not have a leader.\n',
      code: 'no-answer',
      part: 'docker node ls',
    },
    {
      name: 'a service that Swarm refuses is the recipe`s fault',
      stderr:
        'failed to create service x_app: Error response from daemon: rpc error: code = InvalidArgument desc = name must be valid\n',
      code: 'recipe-invalid',
      part: 'Swarm refuses',
    },
    {
      name: 'any other error of the Engine says nothing about the recipe',
      stderr:
        'failed to create network x_default: Error response from daemon: could not find an available IP\n',
      code: 'tool-failed',
      part: 'tried again',
    },
    {
      name: 'what the command line cannot read is the recipe`s fault',
      stderr: 'services.app Additional property foo is not allowed\n',
      code: 'recipe-invalid',
      part: 'Additional property foo is not allowed',
    },
  ])('$name', ({ stderr, code, part }) => {
    const failure = deployFailure('x', stderr);

    expect(failure.code).toBe(code);
    expect(failure.message).toContain('deploying stack x');
    expect(failure.message).toContain(part);
  });

  test('remarks that are there when all is well, too, are left out', () => {
    const stderr =
      'Ignoring unsupported options: restart\n\nSince --detach=false was not specified, tasks will be created in the background.\nIn a future release, --detach=false will become the default.\nno such thing\n';

    expect(deployFailure('x', stderr).message).toContain('docker says: no such thing;');
  });
});

describe('isOutOfSequence', () => {
  test('is true when somebody else wrote the service at the same time', () => {
    const stderr =
      'failed to update service x_app: Error response from daemon: rpc error: code = Unknown desc = update out of sequence\n';

    expect(isOutOfSequence(stderr)).toBe(true);
    expect(isOutOfSequence('something else')).toBe(false);
  });
});

import { describe, expect, test } from 'vitest';
import { DeadlineError } from '../../../controller/adapters/docker/deadline.ts';
import { isNotFound, judge, toFailure } from '../../../controller/adapters/docker/errors.ts';
import { CiWarmError } from '../../../controller/model/failure.ts';

const live = new AbortController().signal;

/** What the library throws for an answer that is no success. */
function answered(status: number, text: string): Error {
  return Object.assign(new Error(`(HTTP code ${String(status)}) server error - ${text} `), {
    statusCode: status,
  });
}

describe('toFailure', () => {
  test.each([
    {
      name: 'a full disk of the Engine',
      status: 500,
      text: 'write /var/lib/docker/tmp/x: no space left on device',
      code: 'disk-full',
      says: 'Make room',
    },
    {
      name: 'an Engine that speaks only newer versions',
      status: 400,
      text: 'client version 1.47 is too old. Minimum supported API version is 1.52',
      code: 'no-answer',
      says: 'no API version in common',
    },
    {
      name: 'a Swarm without a leader',
      status: 500,
      text: "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online.",
      code: 'no-answer',
      says: 'has a leader again',
    },
    {
      name: 'a write that lost the leader',
      status: 500,
      text: 'rpc error: code = Unknown desc = node lost leader status',
      code: 'no-answer',
      says: 'has a leader again',
    },
    {
      name: 'a node that is in no Swarm',
      status: 503,
      text: 'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
      code: 'no-answer',
      says: '`docker swarm init`',
    },
    {
      name: 'a Swarm that takes too long',
      status: 500,
      text: 'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
      code: 'no-answer',
      says: 'has a leader again',
    },
    {
      name: 'a service that somebody else wrote meanwhile',
      status: 500,
      text: 'rpc error: code = Unknown desc = update out of sequence',
      code: 'conflict',
      says: 'planned again',
    },
    {
      name: 'a registry that refuses connections',
      status: 500,
      text: 'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
      code: 'no-answer',
      says: 'image registry',
    },
    {
      name: 'a registry whose name does not resolve',
      status: 500,
      text: 'Get "https://images.example.org/v2/": dial tcp: lookup images.example.org: no such host',
      code: 'no-answer',
      says: 'image registry',
    },
    {
      name: 'a registry that has had enough of us',
      status: 500,
      text: 'toomanyrequests: You have reached your pull rate limit.',
      code: 'no-answer',
      says: 'image registry',
    },
    {
      name: 'a tag that the registry does not have',
      status: 404,
      text: 'manifest unknown: manifest unknown',
      code: 'image-missing',
      says: 'whether the image exists',
    },
    {
      name: 'a repository that this host may not read',
      status: 403,
      text: 'pull access denied for x, repository does not exist or may require authorization: denied: requested access to the resource is denied',
      code: 'registry-denied',
      says: 'docker login',
    },
    {
      name: 'a name that something has already',
      status: 409,
      text: 'rpc error: code = AlreadyExists desc = secret a_b_v1 already exists',
      code: 'conflict',
      says: 'uses it',
    },
    {
      name: 'a volume in use',
      status: 409,
      text: 'remove x: volume is in use - [0f3a]',
      code: 'conflict',
      says: 'uses it',
    },
    {
      name: 'a network that tasks are attached to',
      status: 400,
      text: 'rpc error: code = FailedPrecondition desc = network abc is in use by task def',
      code: 'conflict',
      says: 'uses it',
    },
    {
      name: 'a network with endpoints',
      status: 403,
      text: 'error while removing network: network x id abc has active endpoints',
      code: 'conflict',
      says: 'uses it',
    },
    {
      name: 'any other trouble of the Engine (L1)',
      status: 500,
      text: 'runtime error: index out of range',
      code: 'no-answer',
      says: '`docker info`',
    },
    {
      name: 'a request that it will not take',
      status: 400,
      text: 'invalid mount target',
      code: 'tool-failed',
      says: 'invalid mount target',
    },
  ])('$name is $code', ({ status, text, code, says }) => {
    const failure = toFailure('list services', answered(status, text), live);

    expect(failure.code).toBe(code);
    expect(failure.message).toContain('list services');
    expect(failure.message).toContain(text.replace(/\.$/, ''));
    expect(failure.message).toContain(says);
    expect(failure.message).not.toContain('HTTP code');
  });

  test.each([
    { name: 'no socket', code: 'ENOENT', says: 'start it' },
    { name: 'nobody listening', code: 'ECONNREFUSED', says: 'start it' },
    { name: 'a socket of others', code: 'EACCES', says: 'run as root' },
    { name: 'a connection that broke', code: 'ECONNRESET', says: '`docker info`' },
  ])('$name is no answer, and says what to do', ({ code, says }) => {
    const thrown = Object.assign(new Error(`connect ${code}`), { code });

    const failure = toFailure('list services', thrown, live);

    expect(failure).toMatchObject({ code: 'no-answer', cause: thrown });
    expect(failure.message).toContain(says);
  });

  test('an answer that did not come in time is no answer, and says for how long', () => {
    const failure = toFailure('list services', new DeadlineError(20_000), live);

    expect(failure.code).toBe('no-answer');
    expect(failure.message).toContain('within 20 s');
  });

  test('what was stopped by its caller is aborted, whatever was thrown', () => {
    const failure = toFailure('list services', answered(500, 'x'), AbortSignal.abort());

    expect(failure.code).toBe('aborted');
  });

  test('a failure that has its code already keeps it', () => {
    const failure = new CiWarmError('image-missing', 'it is gone');

    expect(toFailure('pull', failure, live)).toBe(failure);
  });
});

describe('judge', () => {
  test('an error inside a stream is judged by its text alone', () => {
    expect(judge(0, 'no space left on device').code).toBe('disk-full');
  });
});

describe('isNotFound', () => {
  test.each([
    { name: 'the answer itself', thrown: answered(404, 'no such service'), expected: true },
    {
      name: 'the failure made of it',
      thrown: toFailure('remove it', answered(404, 'no such service'), live),
      expected: true,
    },
    { name: 'another answer', thrown: answered(500, 'no such service'), expected: false },
    { name: 'no answer at all', thrown: new Error('ENOENT'), expected: false },
  ])('$name: $expected', ({ thrown, expected }) => {
    expect(isNotFound(thrown)).toBe(expected);
  });
});

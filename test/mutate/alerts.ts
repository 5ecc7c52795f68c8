/** Alerts out: each reaches each sink until it has it, no oftener than it must, and nothing secret goes along. */
import type { Mutant } from './mutant.ts';

const delivery = 'controller/report/delivery.ts';
const standing = 'controller/report/standing.ts';
const recovery = 'controller/report/recovery.ts';
const outbox = 'controller/reconcile/outbox.ts';
const tell = 'controller/reconcile/tell-alerts.ts';
const post = 'controller/adapters/alerts/post.ts';
const webhook = 'controller/adapters/alerts/webhook.ts';
const alertFiles = 'controller/adapters/files/alert-files.ts';

const deliveryTest = 'test/report/delivery.test.ts';
const outboxTest = 'test/reconcile/outbox.test.ts';
const tellTest = 'test/reconcile/tell-alerts.test.ts';
const sinksTest = 'test/adapters/alerts/sinks.test.ts';
const recoveryTest = 'test/report/recovery.test.ts';
const executeTest = 'test/reconcile/execute.test.ts';
const storeTest = 'test/adapters/files/alert-outbox.test.ts';

export const alerts: readonly Mutant[] = [
  {
    name: 'an alert is put away when one of its sinks has it',
    rule: 'A1',
    file: delivery,
    find: `delivery.sinks.length > 0 && pendingSinks(delivery).length === 0`,
    replace: `pendingSinks(delivery).length < delivery.sinks.length`,
    tests: [deliveryTest, outboxTest],
  },
  {
    name: 'an alert without sinks is put away',
    rule: 'A1',
    file: delivery,
    find: `delivery.sinks.length > 0 && pendingSinks`,
    replace: `pendingSinks`,
    tests: [deliveryTest, outboxTest],
  },
  {
    name: 'a sink that is no longer in Settings is waited for',
    rule: 'A1',
    file: delivery,
    find: `const addressed = { ...again, sinks: sinksOf(again, policy) };`,
    replace: `const addressed = { ...again, sinks: again.sinks.length > 0 ? again.sinks : sinksOf(again, policy) };`,
    tests: [deliveryTest, outboxTest],
  },
  {
    name: 'a person’s acknowledgement ends nothing',
    rule: 'A1',
    file: delivery,
    find: `file.acknowledged || `,
    replace: ``,
    tests: [deliveryTest],
  },
  {
    name: 'a reminder in every look after its time',
    rule: 'A1',
    file: delivery,
    find: `round: before.round + 1, roundAt: rfc3339(nowMs) }`,
    replace: `round: before.round + 1 }`,
    tests: [deliveryTest, tellTest],
  },
  {
    name: 'a reminder of what nobody could look at',
    rule: 'L1',
    file: delivery,
    find: `verdict === 'holds' && isDue`,
    replace: `verdict !== 'over' && isDue`,
    tests: [deliveryTest],
  },
  {
    name: 'what nobody could look at counts as over',
    rule: 'L1',
    file: standing,
    find: `standing.healthJudged.has(app) ? 'over' : 'unknown'`,
    replace: `'over'`,
    tests: [deliveryTest, recoveryTest],
  },
  {
    name: 'a sink that fails is tried without a pause',
    rule: 'A1',
    file: delivery,
    find: `const nextTryAt = rfc3339(nowMs + pauseMs);`,
    replace: `const nextTryAt = pauseMs < 0 ? '' : null;`,
    tests: [deliveryTest, outboxTest],
  },
  {
    name: 'the pauses grow without end',
    rule: 'A1',
    file: delivery,
    find: `const ownMs = BACK_OFF_FIRST_MS * 2 ** one.attempts;\n  const pauseMs = Math.min(Math.max(ownMs, retryAfterMs), BACK_OFF_MAX_MS);`,
    replace: `const ownMs = BACK_OFF_FIRST_MS * 2 ** Math.min(one.attempts, 30);\n  const pauseMs = Math.max(ownMs, Math.min(retryAfterMs, BACK_OFF_MAX_MS));`,
    tests: [deliveryTest],
  },
  {
    name: 'a sink that asks to be left alone is asked again as soon as any other',
    rule: 'A1',
    file: delivery,
    find: `Math.max(ownMs, retryAfterMs)`,
    replace: `ownMs`,
    tests: [deliveryTest],
  },
  {
    name: 'a sink may ask to be left alone for ever',
    rule: 'A1',
    file: delivery,
    find: `Math.min(Math.max(ownMs, retryAfterMs), BACK_OFF_MAX_MS)`,
    replace: `Math.max(Math.min(ownMs, BACK_OFF_MAX_MS), retryAfterMs)`,
    tests: [deliveryTest],
  },
  {
    name: 'a sink that asks to be left alone is sent the next alert at once',
    rule: 'A1',
    file: delivery,
    find: `return isPending(one, delivery) ? leftAlone(one, tried) : one;`,
    replace: `return one;`,
    tests: [deliveryTest],
  },
  {
    name: 'a retirement that hangs is told before it was tried again',
    rule: 'A1',
    file: 'controller/reconcile/execute.ts',
    find: `failures >= STUCK_AFTER`,
    replace: `failures >= 1`,
    tests: [executeTest],
  },
  {
    name: 'a retirement hangs, and nobody is told',
    rule: 'A1',
    file: 'controller/reconcile/execute.ts',
    find: `if (isStuck(progress, result.failure, failures)) {`,
    replace: `if (isStuck(progress, result.failure, failures - 1000)) {`,
    tests: [executeTest],
  },
  {
    name: 'an Engine that does not answer is a retirement that hangs',
    rule: 'L1',
    file: 'controller/reconcile/execute.ts',
    find: `isLast && !failure.noAnswer && failures`,
    replace: `isLast && failures`,
    tests: [executeTest],
  },
  {
    name: 'an illness beside a hold makes another hold of it',
    rule: 'A1',
    file: 'controller/report/alerts.ts',
    find: `if (current === null || lasting.length === 0 || lasting`,
    replace: `if (current !== '' || lasting`,
    tests: ['test/report/alerts.test.ts'],
  },
  {
    name: 'a sink that answers again leaves the others waiting',
    rule: 'A1',
    file: delivery,
    find: `if (tried.failure === null) return { ...one, nextTryAt: null };`,
    replace: '',
    tests: [deliveryTest],
  },
  {
    name: 'what a sink took is not remembered',
    rule: 'A1',
    file: outbox,
    find: `await this.#remember({ policy, deliveries: afterTry(deliveries, tried) });`,
    replace: `this.#state = { policy, deliveries: afterTry(deliveries, tried) };\n      this.#savedAs = JSON.stringify(this.#state);`,
    tests: [outboxTest],
  },
  {
    name: 'one sink waits for another',
    rule: 'A1',
    file: outbox,
    find: `if (signal.aborted || this.#underWay.has(sink.name)) return;`,
    replace: `if (signal.aborted || this.#underWay.size > 0) return;`,
    tests: [outboxTest],
  },
  {
    name: 'a sink that hangs holds up the end of the work',
    rule: 'A1',
    file: outbox,
    find: `await Promise.race([limit, ...this.#underWay.values()]);`,
    replace: `await Promise.all(this.#underWay.values());`,
    tests: [outboxTest],
  },
  {
    name: 'a disk that is full keeps alerts from being sent',
    rule: 'A1',
    file: outbox,
    find: `this.#say('what was delivered cannot be saved', reasonOf(thrown));`,
    replace: `throw thrown;`,
    tests: [outboxTest],
  },
  {
    name: 'Settings that cannot be read name no sinks',
    rule: 'A1',
    file: outbox,
    find: `this.#news?.policy ?? state.policy`,
    replace: `this.#news?.policy ?? null`,
    tests: [outboxTest],
  },
  {
    name: 'an illness that a hiccup interrupts is another one',
    rule: 'A1',
    file: tell,
    find: `return open?.fingerprint ?? fingerprint;`,
    replace: `return open?.fingerprint === 'never' ? open.fingerprint : fingerprint;`,
    tests: [tellTest],
  },
  {
    name: 'what was told to be over is told again',
    rule: 'A1',
    file: tell,
    find: `        await this.#deps.alerts.end(ends);\n`,
    replace: ``,
    tests: [tellTest],
  },
  {
    name: 'an app is told to be well that only is no longer seen to be ill',
    rule: 'L1',
    file: recovery,
    find: `isOfHealth && healthy(statuses, told.app)?.status === 'True'`,
    replace: `isOfHealth`,
    tests: [recoveryTest],
  },
  {
    name: 'what a person has read leaves no mark',
    rule: 'A1',
    file: alertFiles,
    find: "      await writeFileAtomic(join(seenDirectory, `.${id}.acknowledged`), '', { fs });\n",
    replace: ``,
    tests: [storeTest],
  },
  {
    name: 'whatever a webhook answers is a receipt',
    rule: 'A1',
    file: post,
    find: `status >= 200 && status < 300`,
    replace: `status >= 200`,
    tests: [sinksTest],
  },
  {
    name: 'a webhook is sent unsigned when its secret is not there',
    rule: 'A1',
    file: webhook,
    find: `if (secret.kind === 'failed') return secret;`,
    replace: `if (secret.kind === 'failed') return postJson({ url: target.url, body, headers }, signal);`,
    tests: [sinksTest],
  },
  {
    name: 'the network’s own words are told',
    rule: 'A1',
    file: post,
    find: "failed(`no answer (${errorCode(error) ?? 'the connection broke'})`);",
    replace: 'failed(`no answer (${error.message} of ${url.href})`);',
    tests: [sinksTest],
  },
];

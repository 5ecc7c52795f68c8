import { expect, test } from 'vitest';
import { adviceOnHold } from '../../controller/report/hold-advice.ts';
import { hold, holdReason } from '../build/plan.ts';

const version = '2.0.0+2.0.0';
const file = 'warm-apps/book.yaml';
const approve = `approved: "${version}" under spec of ${file}`;
const asks = (reason: string, to: string) =>
  holdReason({ kind: 'held-new-configuration', reason, to });
const variable = asks('NewVariable', 'MAIL_FROM=');
const secret = asks('NewSecret', 'book_smtp_v1');

test.each([
  { name: 'a major', reasons: [holdReason()], advice: approve },
  {
    name: 'a new variable',
    reasons: [variable, asks('NewVariable', 'MAIL_TO')],
    advice: `set MAIL_FROM, MAIL_TO in env of ${file}, or put ${approve}`,
  },
  {
    name: 'a new secret, which no approval gives',
    reasons: [secret],
    advice: 'give book_smtp_v1 by secrets of its Recipe',
  },
  {
    name: 'new configuration and a major',
    reasons: [holdReason(), variable, secret],
    advice: `set MAIL_FROM in env of ${file} and give book_smtp_v1 by secrets of its Recipe, then put ${approve}`,
  },
  {
    name: 'a config that Docker would refuse',
    reasons: [holdReason(), asks('ConfigUnversioned', 'two')],
    advice: 'wait for a release of the recipe that gives its changed config another version',
  },
  {
    name: 'another version of a secret',
    reasons: [asks('SecretVersion', 'x_v2')],
    advice: approve,
  },
  {
    name: 'an app that is ill',
    reasons: [holdReason({ kind: 'held-unhealthy' })],
    advice: `make the app healthy, or put ${approve}`,
  },
  {
    name: 'an app that others deployed otherwise',
    reasons: [holdReason({ kind: 'held-adoption', reason: 'ForeignImage' })],
    advice: `change ${file} (version, env) or the recipe until it asks for what runs; or remove the stack by hand, which keeps its volumes, and it is deployed on them as ${file} says`,
  },
  {
    name: 'a stack that somebody else made',
    reasons: [holdReason({ kind: 'held-adoption', reason: 'ForeignStack', from: null, to: 'pub' })],
    advice: `docker stack services pub shows what is there: remove it, or put another domain: under spec of ${file}`,
  },
  {
    name: 'a stack that another app has still',
    reasons: [
      holdReason({ kind: 'held-adoption', reason: 'ForeignStack', from: 'diary', to: 'pub' }),
    ],
    advice: 'wait until diary is retired, which begins when nothing under desired/ asks for it',
  },
  {
    name: 'another domain than the proved one, which no approval lifts',
    reasons: [holdReason({ kind: 'held-domain', reason: 'DomainChanged', from: 'a.example.org' })],
    advice: `domain: a.example.org under spec of ${file}`,
  },
  {
    name: 'what a failed install left at another domain, by another recipe',
    reasons: [
      holdReason({ kind: 'held-domain', reason: 'LeftByDomain', from: 'a.example.org' }),
      holdReason({ kind: 'held-domain', reason: 'LeftByRecipe', from: 'diary' }),
    ],
    advice: `domain: a.example.org and recipe: diary under spec of ${file}, or approved: "${version}" to start on the data that is there`,
  },
  {
    name: 'one that is ill, which no approval adopts',
    reasons: [
      holdReason({ kind: 'held-unhealthy' }),
      holdReason({ kind: 'held-adoption', reason: 'NotWhileIll' }),
    ],
    advice: 'make the app healthy: it is judged again by itself',
  },
])('what to do about $name', ({ reasons, advice }) => {
  expect(adviceOnHold(hold(version, reasons), file)).toBe(advice);
});

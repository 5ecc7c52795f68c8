/**
 * What a schema cannot say about one object: fields that have to agree with each other, items of a
 * list that share a name, names that are taken by the state directory.
 */
import type * as written from '../model/desired-types.gen.ts';
import { RESERVED_APP_NAMES } from '../model/names.ts';
import { parseDurationMs, parseSizeBytes } from '../model/quantity.ts';
import { DEFAULTS } from './defaults.ts';
import type { Finding } from './finding.ts';
import type { Path } from './locate.ts';
import type { Complaint } from './problem.ts';

/** Set by the driver for every app; a second source for them would contradict the object. */
const RESERVED_VARIABLES: Readonly<Record<string, string>> = {
  DOMAIN: 'it is the domain of the app: set spec.domain of the WarmApp or Canonical',
  STACK_NAME: 'it is made from the domain: set spec.domain of the WarmApp or Canonical',
};
const RESYNC_MAX = '24h';

/** Everything wrong with an object whose form is right, in no particular order. */
export function checkObject(object: written.DesiredObject): readonly Finding[] {
  switch (object.kind) {
    case 'Settings':
      return checkSettings(object.spec);
    case 'Recipe':
      return checkRecipe(object.spec);
    case 'WarmApp':
    case 'Canonical':
      return [...checkAppName(object.metadata.name), ...checkEnv(object.spec.env)];
    case 'Run':
      return checkRun(object.spec);
    case 'Sweep':
      return checkSweep(object.spec);
  }
}

function checkSettings(spec: written.SettingsSpec): readonly Finding[] {
  const findings = [...checkUnique(['spec', 'alerts', 'sinks'], spec.alerts?.sinks ?? [])];
  if ((parseDurationMs(spec.resync ?? '') ?? 0) > (parseDurationMs(RESYNC_MAX) ?? 0)) {
    findings.push(
      finding(['spec', 'resync'], {
        code: 'bad-value',
        message: `spec.resync ${String(spec.resync)} is too long: a drift would stay unseen`,
        hint: `write ${RESYNC_MAX} or less`,
      }),
    );
  }
  if (spec.recipeUrl !== undefined && !spec.recipeUrl.includes('{recipe}')) {
    findings.push(
      finding(['spec', 'recipeUrl'], {
        code: 'inconsistent',
        message: 'spec.recipeUrl leads to one repository for all recipes',
        hint: 'put {recipe} where the name of the recipe belongs',
      }),
    );
  }
  const reserve = spec.disk?.reserve ?? DEFAULTS.disk.reserve;
  const warnBelow = spec.disk?.warnBelow ?? DEFAULTS.disk.warnBelow;
  if ((parseSizeBytes(warnBelow) ?? 0) < (parseSizeBytes(reserve) ?? 0)) {
    findings.push(
      finding(['spec', 'disk', spec.disk?.warnBelow === undefined ? 'reserve' : 'warnBelow'], {
        code: 'inconsistent',
        message: `spec.disk would warn below ${warnBelow} only, when the reserve of ${reserve} is already broken`,
        hint: 'let warnBelow be at least as large as reserve',
      }),
    );
  }
  return findings;
}

function checkRecipe(spec: written.RecipeSpec): readonly Finding[] {
  return [
    ...checkEnv(spec.env),
    ...checkUnique(['spec', 'secrets'], spec.secrets ?? []),
    ...checkUnique(['spec', 'tests'], spec.tests ?? []),
    ...(spec.tests ?? []).flatMap((test, index) => checkTest(['spec', 'tests', index], test)),
    ...(spec.health?.probes ?? []).flatMap((probe, index) =>
      (['http', 'proxy'] as const).flatMap((kind) =>
        checkStatuses(['spec', 'health', 'probes', index, kind, 'status'], probe[kind]?.status),
      ),
    ),
  ];
}

function checkTest(path: Path, test: written.Test): readonly Finding[] {
  if (test.host !== true || test.service === undefined) return [];
  return [
    finding([...path, 'service'], {
      code: 'inconsistent',
      message: `the test ${test.name} runs on the host, and so in no service`,
      hint: 'remove either service or host',
    }),
  ];
}

function checkStatuses(
  path: Path,
  statuses: readonly (number | string)[] | undefined,
): readonly Finding[] {
  return (statuses ?? []).flatMap((status, index) => {
    const [from, to] = String(status).split('-').map(Number);
    if (from === undefined || to === undefined || from <= to) return [];
    return [
      finding([...path, index], {
        code: 'bad-value',
        message: `the range ${String(status)} is empty`,
        hint: `write "${String(to)}-${String(from)}"`,
      }),
    ];
  });
}

function checkAppName(name: string): readonly Finding[] {
  if (!RESERVED_APP_NAMES.includes(name)) return [];
  return [
    finding(['metadata', 'name'], {
      code: 'reserved-name',
      message: `an app cannot be called ${name}: the state directory has something of that name`,
      hint: `call it anything but ${RESERVED_APP_NAMES.join(', ')}`,
    }),
  ];
}

function checkEnv(env: Readonly<Record<string, string>> | undefined): readonly Finding[] {
  const variables = Object.entries(env ?? {});
  const reserved = variables.flatMap(([name]) => {
    const hint = Object.hasOwn(RESERVED_VARIABLES, name) ? RESERVED_VARIABLES[name] : undefined;
    const message = `spec.env sets ${name}, which is set for every app`;
    if (hint === undefined) return [];
    return [finding(['spec', 'env', name], { code: 'reserved-variable', message, hint }, 'key')];
  });
  const files = variables.flatMap(([name, value]) =>
    name === 'COMPOSE_FILE' ? checkComposeFile(value) : [],
  );
  return [...reserved, ...files];
}

/** A colon-separated list of files inside the recipe; `$COMPOSE_FILE` stands for the recipe's own. */
function checkComposeFile(value: string): readonly Finding[] {
  const own = ['$COMPOSE_FILE', '${COMPOSE_FILE}'];
  const bad = value.split(':').find((part) => {
    const inside = !part.startsWith('/') && !part.split('/').includes('..');
    return !own.includes(part) && !(inside && /^[^\s]+\.ya?ml$/.test(part));
  });
  if (bad === undefined) return [];
  return [
    finding(['spec', 'env', 'COMPOSE_FILE'], {
      code: 'bad-value',
      message: `spec.env.COMPOSE_FILE names ${JSON.stringify(bad)}, which is no compose file of the recipe`,
      hint: 'write paths inside the recipe that end in .yml or .yaml, parted by colons; such as compose.yml:compose.smtp.yml',
    }),
  ];
}

function checkRun(spec: written.RunSpec): readonly Finding[] {
  if (spec.url === undefined || /^[0-9a-f]{7,64}$/.test(spec.ref ?? '')) return [];
  return [
    finding(['spec', 'url'], {
      code: 'inconsistent',
      message: `spec.url is only taken with a commit, and spec.ref is ${spec.ref ?? 'latest'}`,
      hint: 'set spec.ref to the commit, 7 to 64 hex digits in quotes; what a branch of a fork means may change under way',
    }),
  ];
}

function checkSweep(spec: written.SweepSpec): readonly Finding[] {
  const zone = spec.timeZone ?? DEFAULTS.timeZone;
  if (isTimeZone(zone)) return [];
  return [
    finding(['spec', 'timeZone'], {
      code: 'unknown-value',
      message: `there is no time zone ${zone}`,
      hint: 'write an IANA time zone, such as Europe/Berlin or UTC',
    }),
  ];
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    // The only way in which the language says that it does not know a zone.
    return false;
  }
}

function checkUnique(path: Path, items: readonly { readonly name: string }[]): readonly Finding[] {
  return items.flatMap(({ name }, index) => {
    if (items.findIndex((item) => item.name === name) === index) return [];
    return [
      finding([...path, index, 'name'], {
        code: 'duplicate-item',
        message: `${path.join('.')} has the name ${name} a second time`,
        hint: 'give each its own name',
      }),
    ];
  });
}

function finding(path: Path, complaint: Complaint, at: 'key' | 'value' = 'value'): Finding {
  return { path, at, complaint };
}

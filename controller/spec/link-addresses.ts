/** Addresses: no two apps at one domain, and names that Docker takes. */
import type * as written from '../model/desired-types.gen.ts';
import { DOCKER_NAME_MAX, parseDomain, STACK_NAME_MAX, type Domain } from '../model/names.ts';
import { placeWords, type LinkFinding } from './finding.ts';
import type { Path } from './locate.ts';
import type { Complaint } from './problem.ts';
import { addressOf, type Address } from './resolve.ts';
import type { ValidatedDocument } from './validate.ts';

interface App {
  readonly document: ValidatedDocument;
  readonly object: written.WarmApp | written.Canonical;
  readonly address: Address;
  /** What the address is made from. */
  readonly path: Path;
}

/** Apps whose domain another app claims, or whose names would be too long. */
export function checkAddresses(documents: readonly ValidatedDocument[]): readonly LinkFinding[] {
  const apps = appsOf(documents);
  const recipes = new Map(
    documents.flatMap(({ object }) =>
      object?.kind === 'Recipe' ? [[object.metadata.name, object]] : [],
    ),
  );
  const byDomain = Map.groupBy(apps, ({ address }) => address.domain);
  return apps.flatMap((app) => {
    const complaints = [
      ...domainTaken(app, byDomain.get(app.address.domain) ?? []),
      ...stackNameTooLong(app),
      ...secretNamesTooLong(app, recipes.get(app.object.spec.recipe)),
    ];
    return complaints.map((complaint) => ({
      document: app.document,
      path: app.path,
      at: 'value' as const,
      complaint,
      follows: false,
    }));
  });
}

function appsOf(documents: readonly ValidatedDocument[]): readonly App[] {
  const baseDomain = documents
    .map(({ object }) => (object?.kind === 'Settings' ? object.spec.baseDomain : undefined))
    .find((domain) => domain !== undefined);
  return documents.flatMap((document) => {
    const { object } = document;
    if (object?.kind !== 'WarmApp' && object?.kind !== 'Canonical') return [];
    const address = addressIn(object, parseDomain(baseDomain ?? ''));
    const path = object.spec.domain === undefined ? ['metadata', 'name'] : ['spec', 'domain'];
    return address === undefined ? [] : [{ document, object, address, path }];
  });
}

/** Without Settings that can be read, only domains that are written out are known. */
function addressIn(
  object: written.WarmApp | written.Canonical,
  baseDomain: Domain | undefined,
): Address | undefined {
  const base = baseDomain ?? parseDomain(object.spec.domain ?? '');
  return base === undefined ? undefined : addressOf(object, base);
}

function domainTaken(app: App, claimants: readonly App[]): readonly Complaint[] {
  const other = claimants.find((each) => each !== app);
  if (other === undefined) return [];
  const name = other.object.metadata.name;
  return [
    {
      code: 'domain-taken',
      message: `the domain ${app.address.domain} is also that of the ${other.object.kind} ${name} ${placeWords(other.document)}`,
      hint: 'give one of them another spec.domain',
    },
  ];
}

function stackNameTooLong({ address }: App): readonly Complaint[] {
  if (address.stack !== undefined) return [];
  return [
    {
      code: 'name-too-long',
      message: `the domain ${address.domain} has ${String(address.domain.length)} characters, and the name of its stack may have ${String(STACK_NAME_MAX)}`,
      hint: 'set a shorter spec.domain',
    },
  ];
}

/** Docker's name of a secret is `<stack>_<secret>_<version>`. */
function secretNamesTooLong(
  { object, address }: App,
  recipe: written.Recipe | undefined,
): readonly Complaint[] {
  const env: Readonly<Record<string, string>> = { ...recipe?.spec.env, ...object.spec.env };
  const { stack } = address;
  if (stack === undefined) return [];
  return (recipe?.spec.secrets ?? []).flatMap(({ name }) => {
    const variable = `SECRET_${name.toUpperCase()}_VERSION`;
    const version = Object.hasOwn(env, variable) ? env[variable] : 'v1';
    const full = `${stack}_${name}_${version ?? ''}`;
    if (full.length <= DOCKER_NAME_MAX) return [];
    return [
      {
        code: 'name-too-long' as const,
        message: `the secret ${full} would have ${String(full.length)} characters, and Docker takes ${String(DOCKER_NAME_MAX)}`,
        hint: 'set a shorter spec.domain',
      },
    ];
  });
}

/**
 * Addresses: no two apps at one domain, and names that Docker takes. A valid app goes on beside an app that cannot be used
 * and claims its domain: it is told, and no more. Whatever of the other runs there is a matter of the plan.
 */
import { DOCKER_NAME_MAX, parseDomain, STACK_NAME_MAX, type Domain } from '../model/names.ts';
import { placeWords, type LinkFinding } from './finding.ts';
import type { Path } from './locate.ts';
import type { Complaint } from './problem.ts';
import { addressOf, type Address } from './resolve.ts';
import { fieldAt, isMapAt, itemsAt, textAt, type SoundFields } from './sound-fields.ts';
import type { ValidatedDocument } from './validate.ts';

interface App {
  readonly document: ValidatedDocument;
  readonly fields: SoundFields;
  /** Undefined when it is not of the form of a name. */
  readonly name: string | undefined;
  readonly address: Address;
  /** What the address is made from. */
  readonly path: Path;
  /** False when its form is wrong, or its name another's too: then nothing is done for it. */
  readonly isUsable: boolean;
}

/** Apps whose domain another app claims, or whose names would be too long. `claimedTwice`: objects whose name is another's too. */
export function checkAddresses(
  documents: readonly ValidatedDocument[],
  claimedTwice: ReadonlySet<ValidatedDocument>,
): readonly LinkFinding[] {
  const apps = appsOf(documents, claimedTwice);
  const recipes = new Map(
    documents
      .filter((document) => !claimedTwice.has(document))
      .flatMap(({ identity, fields }) =>
        identity?.kind === 'Recipe' && fields !== undefined ? [[identity.name, fields]] : [],
      ),
  );
  const byDomain = Map.groupBy(apps, ({ address }) => address.domain);
  return apps.flatMap((app) => [
    ...domainTaken(app, byDomain.get(app.address.domain) ?? []),
    ...[
      ...stackNameTooLong(app),
      ...secretNamesTooLong(app, recipes.get(textAt(app.fields, ['spec', 'recipe']) ?? '')),
    ].map((complaint) => finding(app, complaint, 'stalls')),
  ]);
}

function finding(app: App, complaint: Complaint, effect: LinkFinding['effect']): LinkFinding {
  return { document: app.document, path: app.path, at: 'value', complaint, effect };
}

function appsOf(
  documents: readonly ValidatedDocument[],
  claimedTwice: ReadonlySet<ValidatedDocument>,
): readonly App[] {
  const baseDomain = baseDomainOf(documents, claimedTwice);
  return documents.flatMap((document) => {
    const { fields, identity, object } = document;
    const isApp = fields?.kind === 'WarmApp' || fields?.kind === 'Canonical';
    if (!isApp || !isMapAt(fields, ['spec'])) return [];
    const domain = textAt(fields, ['spec', 'domain']);
    // A domain that is written wrongly is not the one that would hold without it.
    if (domain === undefined && fieldAt(fields, ['spec', 'domain']).state !== 'absent') return [];
    const name = identity?.name;
    const address = addressOf({ name, domain }, baseDomain);
    const path = domain === undefined ? ['metadata', 'name'] : ['spec', 'domain'];
    const isUsable = object !== undefined && !claimedTwice.has(document);
    return address === undefined ? [] : [{ document, fields, name, address, path, isUsable }];
  });
}

/** Of the Settings; of those that cannot be used only where all say the same. Without it, only domains that are written out are known. */
function baseDomainOf(
  documents: readonly ValidatedDocument[],
  claimedTwice: ReadonlySet<ValidatedDocument>,
): Domain | undefined {
  const settings = documents.flatMap((document) => {
    const { fields, object } = document;
    const text = fields?.kind === 'Settings' ? textAt(fields, ['spec', 'baseDomain']) : undefined;
    const domain = parseDomain(text ?? '');
    const isUsable = object !== undefined && !claimedTwice.has(document);
    return domain === undefined ? [] : [{ domain, isUsable }];
  });
  const usable = settings.find(({ isUsable }) => isUsable);
  const [only, ...others] = new Set(settings.map(({ domain }) => domain));
  return usable?.domain ?? (others.length === 0 ? only : undefined);
}

function domainTaken(app: App, claimants: readonly App[]): readonly LinkFinding[] {
  // Two of one name are told of that, and one of them goes.
  const others = claimants.filter(
    (each) => each !== app && (each.name === undefined || each.name !== app.name),
  );
  const rival = others.find(({ isUsable }) => isUsable);
  const other = rival ?? others[0];
  if (other === undefined) return [];
  const kind = other.fields.kind;
  const who = other.name === undefined ? kind : `${kind} ${other.name}`;
  const complaint: Complaint = {
    code: 'domain-taken',
    message: `the domain ${app.address.domain} is also that of the ${who} ${placeWords(other.document)}`,
    hint: 'give one of them another spec.domain',
  };
  return [finding(app, complaint, app.isUsable && rival === undefined ? 'tells' : 'stalls')];
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
  { fields, address: { stack } }: App,
  recipe: SoundFields | undefined,
): readonly Complaint[] {
  if (stack === undefined || recipe === undefined) return [];
  return itemsAt(recipe, ['spec', 'secrets']).flatMap((path) => {
    const name = textAt(recipe, [...path, 'name']);
    const version = name === undefined ? undefined : secretVersion(name, [fields, recipe]);
    const full = `${stack}_${name ?? ''}_${version ?? ''}`;
    if (version === undefined || full.length <= DOCKER_NAME_MAX) return [];
    return [
      {
        code: 'name-too-long' as const,
        message: `the secret ${full} would have ${String(full.length)} characters, and Docker takes ${String(DOCKER_NAME_MAX)}`,
        hint: 'set a shorter spec.domain',
      },
    ];
  });
}

/** As the first of them says it that says anything; undefined where it is written wrongly. */
function secretVersion(name: string, objects: readonly SoundFields[]): string | undefined {
  const path = ['spec', 'env', `SECRET_${name.toUpperCase()}_VERSION`];
  const said = objects.find((fields) => fieldAt(fields, path).state !== 'absent');
  return said === undefined ? 'v1' : textAt(said, path);
}

/**
 * The digest of a value: the same for equal values, whatever the order of their keys. A function of its input alone,
 * which is why a pure folder may hold it although it uses Node's crypto module.
 */
import { hash } from 'node:crypto';

/** `sha256:<hex>` over the value as JSON with sorted keys. Undefined members count as absent. */
export function digestOf(value: unknown): string {
  return `sha256:${hash('sha256', canonicalJson(value))}`;
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map((member) => canonicalJson(member ?? null)).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members: Readonly<Record<string, unknown>> = { ...value };
    const texts: string[] = [];
    for (const key of Object.keys(members).sort()) {
      const member = members[key];
      if (member !== undefined) texts.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
    }
    return `{${texts.join(',')}}`;
  }
  return JSON.stringify(value);
}

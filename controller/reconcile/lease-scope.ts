/** Which lease an app falls under: the domain above its own. */
import type { Desired } from '../model/desired.ts';
import type { Domain } from '../model/names.ts';

/**
 * By the app's domain alone, which names its stack: controllers that could touch the same stack name the same scope,
 * whatever their settings say. Apps without a domain of their own all have one scope, the base domain.
 */
export function leaseScopeOf(domain: Domain): string {
  const above = domain.slice(domain.indexOf('.') + 1);
  return above === '' ? domain : above;
}

/** Those of every app that is wanted. */
export function leaseScopesOf(desired: Desired | undefined): ReadonlySet<string> {
  return new Set([...(desired?.warmApps.values() ?? [])].map((app) => leaseScopeOf(app.domain)));
}

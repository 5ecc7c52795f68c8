/**
 * Who needs the registry of this checkout besides its own sample apps: services and containers of others run its images,
 * and a task that Swarm starts anew may have to pull its own again.
 */
import { attempt } from './command.ts';
import { registryAddress } from './registry.ts';

/** To be asked when the sample's own apps are gone, of an Engine that answers. */
export async function isRegistryUsed(): Promise<boolean> {
  const lists = [
    ['service', 'ls', '--format', '{{.Image}}'],
    ['container', 'ls', '--all', '--format', '{{.Image}}'],
  ];
  for (const list of lists) {
    const { ok, stdout } = await attempt('docker', list);
    // An Engine in no Swarm has no services to list.
    if (ok && stdout.split('\n').some((image) => image.startsWith(`${registryAddress}/`)))
      return true;
  }
  return false;
}

/** Which questions the health gate asks: those of the recipe's spec, or the usual ones made from what the recipe says. */
import type { HealthSpec, HttpProbe, ProbeSpec } from '../model/desired.ts';
import type { RecipeReading, ServiceReading } from '../model/recipe.ts';

/** The service that recipes of Co-op Cloud have their web server in. */
const webService = 'app';
const traefikPort = /^traefik\.http\.services\.[^.]+\.loadbalancer\.server\.port$/i;

/** The probes of a health spec, every HTTP probe with its port where the recipe names one. */
export function probesFor(
  wanted: HealthSpec['probes'],
  reading: RecipeReading,
): readonly ProbeSpec[] {
  if (wanted === 'default') return defaultProbes(reading);
  return wanted.map((probe) =>
    probe.kind === 'http' && probe.port === undefined
      ? { ...probe, port: webPort(serviceOf(reading, probe.service)) }
      : probe,
  );
}

/**
 * What can be asked of a drill: the proxy does not know it, and would answer for the app itself. Where the proxy alone was
 * to be asked, the usual probes.
 */
export function probesApart(wanted: HealthSpec['probes']): HealthSpec['probes'] {
  if (wanted === 'default') return wanted;
  const apart = wanted.filter(({ kind }) => kind !== 'proxy');
  return apart.length === 0 ? 'default' : apart;
}

/**
 * Docker's own health of every service that has one, and GET / of service `app` with 200 to 399. Without such a
 * service, with none of its tasks wanted, or without a port to ask at, Docker's own health alone.
 */
export function defaultProbes(reading: RecipeReading): readonly ProbeSpec[] {
  const docker: ProbeSpec = { kind: 'docker', service: undefined };
  const app = serviceOf(reading, webService);
  const port = webPort(app);
  if (app === undefined || app.replicas === 0 || port === undefined) return [docker];
  const http: HttpProbe = {
    kind: 'http',
    service: webService,
    port,
    path: '/',
    status: [{ from: 200, to: 399 }],
    body: undefined,
    headers: {},
  };
  return [docker, http];
}

function serviceOf(reading: RecipeReading, name: string): ServiceReading | undefined {
  return reading.services.find((service) => service.name === name);
}

/** Where Traefik sends requests to, else the first port that the service names. */
function webPort(service: ServiceReading | undefined): number | undefined {
  if (service === undefined) return undefined;
  const [, text = ''] = Object.entries(service.labels).find(([key]) => traefikPort.test(key)) ?? [];
  const port = /^\d{1,5}$/.test(text) ? Number(text) : undefined;
  return port ?? service.targetPorts[0];
}

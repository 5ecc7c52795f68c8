/** A written probe to the question that the health gate asks, with every default filled in. For validated text only. */
import type * as written from '../model/desired-types.gen.ts';
import type { HttpQuestion, ProbeSpec, StatusRange } from '../model/desired.ts';
import { DEFAULTS } from './defaults.ts';

/** The one question of a probe. */
export function probeOf({ http, proxy, tcp, exec, docker }: written.Probe): ProbeSpec {
  if (http !== undefined) {
    const service = http.service ?? DEFAULTS.service;
    return { kind: 'http', service, port: http.port, ...questionOf(http) };
  }
  if (proxy !== undefined) {
    const scheme = proxy.scheme ?? DEFAULTS.proxyScheme;
    const port = proxy.port ?? DEFAULTS.proxyPorts[scheme];
    return { kind: 'proxy', scheme, port, ...questionOf(proxy) };
  }
  if (tcp !== undefined) {
    return { kind: 'tcp', service: tcp.service ?? DEFAULTS.service, port: tcp.port };
  }
  if (exec !== undefined) {
    return { kind: 'exec', service: exec.service ?? DEFAULTS.service, command: exec.command };
  }
  return { kind: 'docker', service: docker?.service };
}

function questionOf({
  path,
  status,
  body,
  headers,
}: Pick<written.HTTPProbe, 'path' | 'status' | 'body' | 'headers'>): HttpQuestion {
  const named = Object.entries(headers ?? {}).map(([name, text]) => [name.toLowerCase(), text]);
  return {
    path: path ?? DEFAULTS.probePath,
    status: (status ?? DEFAULTS.probeStatus).map(statusOf),
    body,
    headers: Object.fromEntries(named) as Readonly<Record<string, string>>,
  };
}

function statusOf(status: number | string): number | StatusRange {
  if (typeof status === 'number') return status;
  const [from, to] = status.split('-').map(Number);
  if (from === undefined || to === undefined) {
    throw new Error(`validated text is not of its form: ${status}`);
  }
  return { from, to };
}

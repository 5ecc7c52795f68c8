/** Every kind of sink behind one door (ports/alert-sinks.ts). */
import type { AlertSinks, Sent } from '../../ports/alert-sinks.ts';
import { runCommand } from './command.ts';
import { publishToNtfy } from './ntfy.ts';
import { postWebhook } from './webhook.ts';

/** Keeps nothing: URLs, secrets and tokens are read from their files for each try, so they may be replaced at any time. */
export function createAlertSinks(): AlertSinks {
  return {
    send: async (sink, message, signal): Promise<Sent> => {
      switch (sink.kind) {
        case 'webhook':
          return postWebhook(sink, message, signal);
        case 'ntfy':
          return publishToNtfy(sink, message, signal);
        case 'command':
          return runCommand(sink, message, signal);
      }
    },
  };
}

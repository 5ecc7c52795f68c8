/** How far an alert has come on its way to the sinks: what `alerts/.outbox.json` remembers, and what a sink is sent. */
import type { Alert, AlertKind } from './alert.ts';
import type { AlertPolicy } from './desired.ts';

/** How far one alert is with one sink. */
export interface SinkDelivery {
  readonly sink: string;
  /** The last round that it has: 0 is the alert itself, n its n-th reminder; null: nothing yet. */
  readonly delivered: number | null;
  /** Tries that failed since it took something of this alert. */
  readonly attempts: number;
  /** RFC 3339; null: now. */
  readonly nextTryAt: string | null;
  /** Why the last try failed, without anything secret; null: none did. */
  readonly lastFailure: string | null;
}

/** How far one alert is. */
export interface Delivery {
  /** Name of the alert's file without `.json`. */
  readonly id: string;
  readonly app: string;
  readonly kind: AlertKind;
  readonly fingerprint: string;
  /** What every sink should have: 0 is the alert itself, n its n-th reminder. */
  readonly round: number;
  /** When this round began. */
  readonly roundAt: string;
  /** Every sink has had it, so that its file belongs into `seen/`. */
  readonly isOut: boolean;
  readonly sinks: readonly SinkDelivery[];
}

/** `alerts/.outbox.json`. */
export interface AlertOutboxState {
  /** As desired state said it last: while that cannot be read, this counts. Null: it was never read. */
  readonly policy: AlertPolicy | null;
  readonly deliveries: readonly Delivery[];
}

/** What a sink is sent: the alert with what tells one sending from another. */
export interface AlertMessage extends Alert {
  readonly apiVersion: 'ci-warm.dev/v1';
  /** The alert's own, the same in each of its reminders. */
  readonly id: string;
  /** The same in every try to send the same thing: whoever has seen it may pass it over. */
  readonly deliveryId: string;
  /** 0: the alert itself; n: its n-th reminder. */
  readonly reminder: number;
  /** When this try began, RFC 3339. */
  readonly sentAt: string;
}

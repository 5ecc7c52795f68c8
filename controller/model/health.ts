/** How an app is doing between transitions, as one observation says. The health gate after a deploy is another matter. */
export type AppHealth =
  | { readonly kind: 'healthy' }
  | {
      readonly kind: 'unhealthy';
      /** One CamelCase word. */
      readonly reason: string;
      /** Says what is wrong in words that stay the same while it stays wrong: no ids, no times. */
      readonly message: string;
      /** Since when at least, RFC 3339. */
      readonly since: string;
    }
  /** It could not be observed, which says nothing about the app (L1). */
  | { readonly kind: 'unknown'; readonly why: string }
  /** Nothing of it is deployed. */
  | { readonly kind: 'not-running' };

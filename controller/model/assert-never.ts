/** Closes a `switch` over a union: a new member becomes a compile error here, and a loud one at run time. */
export function assertNever(value: never, what: string): never {
  throw new Error(`unreachable ${what}: ${JSON.stringify(value)}`);
}

/** What is in a volume at one moment. Never changed in place; two trees are equal, byte for byte, when they say the same. */
export interface Tree {
  /** 0: empty. */
  readonly schema: number;
  /** The newest release that ever wrote to it, by its order. */
  readonly touchedBy: number;
  readonly isDestroyed: boolean;
  readonly bytes: number;
  /** No two writes leave the same. */
  readonly stamp: number;
}

export const emptyTree: Tree = {
  schema: 0,
  touchedBy: 0,
  isDestroyed: false,
  bytes: 4096,
  stamp: 0,
};

export function sameTree(one: Tree | undefined, other: Tree | undefined): boolean {
  return (
    one === other ||
    (one !== undefined && one.stamp === other?.stamp && textOf(one) === textOf(other))
  );
}

/** Two trees have the same text exactly when they are the same. */
export function textOf({ schema, touchedBy, isDestroyed, bytes, stamp }: Tree): string {
  return JSON.stringify({ schema, touchedBy, isDestroyed, bytes, stamp });
}

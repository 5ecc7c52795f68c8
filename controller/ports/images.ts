/** Images: present before anything is stopped (U2), and pinned once. */
export interface Images {
  /**
   * Makes `reference` present on this node and returns it pinned: `name@sha256:…`, or an image id for an image that no
   * registry ever saw. A reference that is pinned already is only made present. May be repeated.
   * Errors: `image-missing`, `registry-unavailable`, `registry-denied`, `no-answer` (the Engine), `disk-full`; `tool-failed`,
   * `timed-out` (a credential helper).
   */
  ensure(reference: string, signal: AbortSignal): Promise<string>;
  /**
   * The image that a container runs, pinned as `ensure` pins: by what it is, whatever its name means today. `reference`:
   * what the container was made from. Errors: `image-missing` (the container or its image is gone), `no-answer`.
   */
  ofContainer(containerId: string, reference: string, signal: AbortSignal): Promise<string>;
  /** Whether a pinned reference is present on this node. */
  isPresent(pinned: string, signal: AbortSignal): Promise<boolean>;
}

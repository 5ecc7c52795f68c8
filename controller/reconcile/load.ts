/** The first step of a pass: what people want now. An unchanged tree is not parsed again. */
import { reasonOf } from '../model/failure.ts';
import { known, unknown, type Known } from '../model/known.ts';
import type { LoadedDesired } from '../model/spec-problem.ts';
import type { DesiredSource, DesiredTree } from '../ports/desired-source.ts';
import { loadDesired } from '../spec/load.ts';

/** Remembers the tree it parsed last: the source answers with the same object while nothing changed. */
export class DesiredLoader {
  readonly #source: DesiredSource;
  readonly #treeName: string;
  #last: { readonly tree: DesiredTree; readonly loaded: LoadedDesired } | undefined;

  /** `treeName`: how the tree is called in problems, as typed. */
  constructor(source: DesiredSource, treeName: string) {
    this.#source = source;
    this.#treeName = treeName;
  }

  /** Unknown when the tree cannot be read at all: then what was wanted before is still wanted (L1). */
  async load(signal: AbortSignal): Promise<Known<LoadedDesired>> {
    let tree: DesiredTree;
    try {
      tree = await this.#source.read(signal);
    } catch (thrown) {
      return unknown(reasonOf(thrown));
    }
    if (this.#last?.tree !== tree) {
      const options = {
        revision: tree.revision,
        baseDirectory: tree.baseDirectory,
        tree: this.#treeName,
      };
      this.#last = { tree, loaded: loadDesired(tree.files, options) };
    }
    return known(this.#last.loaded);
  }
}

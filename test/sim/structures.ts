/** Reads releases as the controller does; what any world has read before is not read again: most have much the same. */
import { structureKey, type RecipeStructure } from '../../controller/model/structure.ts';
import type { StructureRequest } from '../../controller/plan/structures-needed.ts';
import { StructureReader } from '../../controller/reconcile/structure-reader.ts';
import type { RecipeFiles } from '../../controller/recipe/environment.ts';

const known = new Map<string, RecipeStructure>();
const KNOWN_MAX = 2000;

export class SimStructures extends StructureReader {
  protected override readOne(files: RecipeFiles, request: StructureRequest): RecipeStructure {
    // The key of a release says all of the request that has a say in it.
    const key = [structureKey(request.release), ...[...files].flat()].join('\n');
    const found = known.get(key);
    if (found !== undefined) return found;
    const structure = super.readOne(files, request);
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(key, structure);
    return structure;
  }
}

/** Every mutant there is: one for each step of a protocol that must not be left out or done in another order. */
import { adoption } from './adoption.ts';
import { alerts } from './alerts.ts';
import { docker } from './docker.ts';
import { drills } from './drills.ts';
import { durableNames } from './durable-names.ts';
import { files } from './files.ts';
import { judgements } from './judgements.ts';
import { lease } from './lease.ts';
import type { Mutant } from './mutant.ts';
import { orphans } from './orphans.ts';
import { recipes } from './recipes.ts';
import { reconcile } from './reconcile.ts';
import { requests } from './requests.ts';
import { retries } from './retries.ts';
import { snapshots } from './snapshots.ts';
import { structures } from './structure.ts';
import { surprises } from './surprises.ts';
import { syscalls } from './syscalls.ts';
import { wanted } from './wanted.ts';

export const mutants: readonly Mutant[] = [
  ...files,
  ...snapshots,
  ...durableNames,
  ...recipes,
  ...reconcile,
  ...requests,
  ...retries,
  ...judgements,
  ...structures,
  ...surprises,
  ...docker,
  ...syscalls,
  ...alerts,
  ...adoption,
  ...orphans,
  ...drills,
  ...wanted,
  ...lease,
];

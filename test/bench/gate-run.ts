/**
 * What the bench measures for the gate, as a process of its own: the first pass over one app after a start, with git, but
 * without Docker. Arguments: where the repository is, where the state may be kept, the tag that runs. Says how much CPU
 * the judging alone took.
 */
import { createGitRecipes } from '../../controller/adapters/git/recipes.ts';
import { known } from '../../controller/model/known.ts';
import { planPass } from '../../controller/plan/plan.ts';
import { structuresNeeded } from '../../controller/plan/structures-needed.ts';
import { StructureReader } from '../../controller/reconcile/structure-reader.ts';
import { desiredOf, recipeSpec, warmApp } from '../build/desired.ts';
import { appRecord } from '../build/record.ts';
import { provedWith, runningAs } from '../build/running.ts';
import { world } from '../build/plan.ts';

const [url = '', stateDir = '', current = ''] = process.argv.slice(2);
const signal = new AbortController().signal;
const app = warmApp('book');
const desired = desiredOf([app], {
  recipes: new Map([[app.recipe, recipeSpec('book', { url })]]),
});
const recipes = createGitRecipes({ stateDir, clock: { now: () => Date.now() } });
const view = await recipes.view('book', url, signal);
const commit = view.releases.find(({ tag }) => tag === current)?.commit;
if (commit === undefined) throw new Error(`there is no tag ${current}`);
const lastGood = { ...provedWith(desired, app, current), commit };
const seen = {
  recipes: new Map([[app.recipe, known(view)]]),
  records: new Map([[app.name, known(appRecord({ lastGood }))]]),
  swarm: known(runningAs(app, lastGood)),
};
const needed = structuresNeeded(desired, seen);
const structures = await new StructureReader(recipes).read(needed, signal);
const before = process.cpuUsage();
const plan = planPass(desired, world({ ...seen, structures }));
const { user, system } = process.cpuUsage(before);
const [entry] = plan.entries;
process.stdout.write(
  `${JSON.stringify({
    judgingMs: (user + system) / 1000,
    read: needed.length,
    decision: entry?.decision.kind,
    reasons: entry?.hold?.reasons.length,
  })}\n`,
);

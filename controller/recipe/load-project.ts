/**
 * From a recipe's files to its project: which compose files, filled in with which variables, put together.
 * What is wrong on the way is collected, never thrown.
 */
import type { RecipeProblem } from '../model/recipe.ts';
import { lineOf, parseComposeFile, statedVersion, type ComposeFile } from './compose-file.ts';
import { checkKeys } from './check-keys.ts';
import { checkTypes } from './check-types.ts';
import { neededMinor } from './compose-keys.ts';
import { composeVersionOf } from './compose-version.ts';
import { COMPOSE_FILE, composeFilesOf, SAMPLE_FILE, type RecipeFiles } from './environment.ts';
import { interpolateFile, type InterpolatedFile } from './interpolate-file.ts';
import { mergeProject, type Project } from './project.ts';

export interface LoadedProject {
  readonly project: Project;
  /** As `COMPOSE_FILE` names them, also those that are not there. */
  readonly paths: readonly string[];
  /** Filled in, of one version: what Docker is given in their place. */
  readonly files: readonly InterpolatedFile[];
  /** The same as YAML, in their order: lines are those of the maintainer's files. */
  readonly parsed: readonly ComposeFile[];
  readonly version: string;
  readonly problems: readonly RecipeProblem[];
}

export function loadProject(
  files: RecipeFiles,
  env: Readonly<Record<string, string>>,
): LoadedProject {
  const paths = composeFilesOf(env);
  const missing = paths.filter((path) => !files.has(path));
  const sources = paths.flatMap((path): readonly ComposeFile[] => {
    const text = files.get(path);
    return text === undefined ? [] : [parseComposeFile(path, text)];
  });
  const { version, unknown } = composeVersionOf(
    sources.map(statedVersion),
    sources.map(({ content }) => neededMinor(content)),
  );
  const filled = sources.map((file) =>
    interpolateFile(file, (name) => valueOf(env, name), version),
  );
  // A file that was broken before is still, and that has been said.
  const parsed = filled.map(({ path, text }) => parseComposeFile(path, text));
  const brokenByUs = parsed.flatMap(({ problems }, index) => {
    const source = sources[index];
    return source?.document === undefined ? [] : problems.map((one) => within(source, one));
  });
  return {
    project: mergeProject(parsed),
    paths,
    files: filled,
    parsed,
    version,
    problems: [
      ...missing.map((path) => missingFile(path, Object.hasOwn(env, COMPOSE_FILE))),
      ...sources
        .filter((file) => unknown.includes(statedVersion(file) ?? ''))
        .map((file) => unknownVersion(file)),
      ...filled.flatMap((file) => file.problems),
      ...brokenByUs,
      ...parsed.flatMap((file) => [...checkKeys(file), ...checkTypes(file)]),
    ],
  };
}

/** The line of the version that is added is none that the maintainer could look for. */
function within({ text }: ComposeFile, found: RecipeProblem): RecipeProblem {
  return { ...found, line: Math.min(found.line ?? 1, text.split('\n').length) };
}

function valueOf(env: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

function missingFile(path: string, isNamed: boolean): RecipeProblem {
  const message = isNamed
    ? `COMPOSE_FILE names ${path}, and the recipe has no such file at this commit`
    : `the recipe has no ${path} at this commit; name its compose files in COMPOSE_FILE, in ${SAMPLE_FILE}`;
  return { file: path, line: undefined, message };
}

function unknownVersion(file: ComposeFile): RecipeProblem {
  const message = `\`docker stack deploy\` takes versions 3.x of the format, not ${statedVersion(file) ?? ''}`;
  return { file: file.path, line: lineOf(file, ['version']), message };
}

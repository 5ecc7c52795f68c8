/**
 * Keys of a recipe that the host's Docker command line is too old for. It would refuse them, or pass over them, when it is
 * handed the files: while the app is down.
 */
import type { RecipeProblem } from '../model/recipe.ts';
import { lineOf, type ComposeFile } from './compose-file.ts';
import { newerKeys } from './compose-keys.ts';

/** The lowest major version of the command line that knows all keys of the files; 0: any. */
export function neededDocker(files: readonly ComposeFile[]): number {
  return Math.max(
    0,
    ...files.flatMap(({ content }) => newerKeys(content)).map(({ docker }) => docker),
  );
}

/** `major`: of the command line. In the order of the files. Never throws. */
export function tooNewFor(files: readonly ComposeFile[], major: number): readonly RecipeProblem[] {
  return files.flatMap((file) =>
    newerKeys(file.content)
      .filter(({ docker }) => docker > major)
      .map(({ path, docker }) => ({
        ...{ file: file.path, line: lineOf(file, path) },
        message: `${path.join('.')} needs the command line of Docker ${String(docker)}, and this host has ${String(major)}: take it out, or install a newer docker-cli`,
      })),
  );
}

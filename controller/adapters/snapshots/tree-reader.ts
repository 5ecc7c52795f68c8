/** The figures of a tree on disk: by tar, which alone sees everything of it, without an archive. */
import { startRead } from './tools.ts';
import { TarReader } from './tar-reader.ts';
import { TreeDigest, type TreeFigures } from './tree-digest.ts';

/** Reads every byte of the tree below a directory. Errors: `tool-failed`, `aborted`. */
export async function readTree(
  what: string,
  directory: string,
  signal: AbortSignal,
): Promise<TreeFigures> {
  const tar = startRead(`reading ${what}`, directory, signal);
  tar.stdin.end();
  const tree = new TreeDigest();
  const reader = new TarReader(tree);
  const flow = async (): Promise<void> => {
    for await (const chunk of tar.stdout) reader.write(chunk as Buffer);
  };
  const [flowed, ended] = await Promise.allSettled([flow(), tar.finished]);
  // A failure to read closes the pipe, and tar dies of that: the cause is told, not the consequence.
  if (flowed.status === 'rejected') throw flowed.reason;
  if (ended.status === 'rejected') throw ended.reason;
  reader.close();
  return tree.figures();
}

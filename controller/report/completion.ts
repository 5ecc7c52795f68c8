/**
 * What a shell can complete of the command line, as data, and what the scripts for the three shells have in common: the
 * tables by which a script finds out what belongs where the cursor is.
 *
 * A script runs no program of ours: names of objects are the names of files in the state directory, so that completion
 * is as quick as a look into a folder, and works while nothing else does.
 */

/** What may stand in a place. */
export type Candidates =
  | { readonly from: 'words'; readonly words: readonly string[] }
  /** Names of apps, of whatever kind the word before says, of alerts; files; directories; nothing that we know. */
  | { readonly from: 'apps' | 'names' | 'alerts' | 'files' | 'directories' | 'nothing' }
  /** Kinds, and apps too, since those need no kind. */
  | { readonly from: 'kinds-or-apps'; readonly words: readonly string[] };

export interface CompletedOption {
  /** `-o` and `--output`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Undefined: it takes no value. */
  readonly value: Candidates | undefined;
}

export interface CompletedCommand {
  /** `alerts ack`. */
  readonly path: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** In order of place. */
  readonly arguments: readonly Candidates[];
}

export interface CompletionTree {
  readonly commands: readonly CompletedCommand[];
  /** Of every command. */
  readonly globals: readonly CompletedOption[];
}

/** Where a choice is made by patterns: the first row that matches. */
export interface Row {
  readonly patterns: readonly string[];
  /** `apps`, `words a b c`. */
  readonly candidates: string;
}

/** `command:option`: what follows an option; those that every command has come last. */
export function optionRows({ commands, globals }: CompletionTree): readonly Row[] {
  const rowsOf = (path: string, options: readonly CompletedOption[]): readonly Row[] =>
    options.flatMap(({ flags, value }) =>
      value === undefined
        ? []
        : [{ patterns: flags.map((flag) => `${path}:${flag}`), candidates: textOf(value) }],
    );
  return [
    ...commands.flatMap(({ path, options }) => rowsOf(quoted(path), options)),
    ...rowsOf('*', globals),
  ];
}

/** `command:n`: what stands at the n-th place after a command. */
export function argumentRows({ commands }: CompletionTree): readonly Row[] {
  return commands.flatMap((command) =>
    command.arguments.map((candidates, index) => ({
      patterns: [`${quoted(command.path)}:${String(index)}`],
      candidates: textOf(candidates),
    })),
  );
}

/** Every option that is followed by a value. */
export function optionsWithValue({ commands, globals }: CompletionTree): readonly string[] {
  const all = [...globals, ...commands.flatMap(({ options }) => options)];
  const flags = all.filter(({ value }) => value !== undefined).flatMap((option) => option.flags);
  return [...new Set(flags)];
}

/** The commands that may follow, by what was typed before: '' for the first word. */
export function commandsBelow({
  commands,
}: CompletionTree): ReadonlyMap<string, readonly CompletedCommand[]> {
  return Map.groupBy(commands, wordsBefore);
}

/** `alerts:ack`: the word that makes a longer command of what was typed before. */
export function commandSteps({ commands }: CompletionTree): readonly string[] {
  return commands.map((command) => `${wordsBefore(command)}:${lastWord(command)}`);
}

/** The last word of a command. */
export function lastWord({ path }: CompletedCommand): string {
  return path.split(' ').at(-1) ?? path;
}

function wordsBefore({ path }: CompletedCommand): string {
  return path.split(' ').slice(0, -1).join(' ');
}

/** The options of a command with those that every command has. */
export function allOptions(tree: CompletionTree, path: string): readonly CompletedOption[] {
  const own = tree.commands.find((command) => command.path === path)?.options ?? [];
  return [...own, ...tree.globals];
}

/** A text in single quotes, for bash and zsh. */
export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A path of several words is one pattern. */
function quoted(path: string): string {
  return path.includes(' ') ? quotedText(path) : path;
}

function textOf(candidates: Candidates): string {
  return 'words' in candidates
    ? `${candidates.from} ${candidates.words.join(' ')}`
    : candidates.from;
}

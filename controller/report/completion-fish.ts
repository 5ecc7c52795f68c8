/** The completion script for fish. */
import {
  allOptions,
  argumentRows,
  commandsBelow,
  commandSteps,
  lastWord,
  optionRows,
  optionsWithValue,
  type CompletionTree,
  type Row,
} from './completion.ts';

export function fishCompletion(tree: CompletionTree): string {
  return [headPart, wordsPart(tree), valuesPart(tree), candidatesPart].join('');
}

/** What stands before the function that does it. */
const headPart = `# fish completion for ci-warm. Made by: ci-warm completion fish

function __ci_warm_files
    string replace -r '.*/' '' -- $argv | string replace -rf '^([A-Za-z0-9][A-Za-z0-9_-]*)\\.json$' '$1'
end

`;

/** From what was typed: the command, its arguments, the option that waits for a value, the state directory. */
function wordsPart(tree: CompletionTree): string {
  const known = commandSteps(tree).map(fishText);
  return `function __ci_warm_candidates
    set -l cur (commandline -ct)
    set -l cmd ''
    set -l expects ''
    set -l state ''
    set -l args
    for word in (commandline -opc)[2..]
        if test -n "$expects"
            test "$expects" = --state; and set state $word
            set expects ''
            continue
        end
        switch $word
            case '--state=*'
                set state (string replace -r '^[^=]*=' '' -- $word)
            case ${optionsWithValue(tree).join(' ')}
                set expects $word
            case '-*'
            case '*'
                switch "$cmd:$word"
                    case ${known.join(' ')}
                        set cmd (string trim -- "$cmd $word")
                    case '*'
                        set -a args $word
                end
        end
    end
    if test -z "$state"
        set state ./.ci-warm
        test (id -u) -eq 0; and set state /var/lib/ci-warm
    end
    set state (string replace -r '^~' $HOME -- $state)
    if test -z "$expects"; and string match -q -- '--*=*' $cur
        set expects (string replace -r '=.*$' '' -- $cur)
    end

`;
}

/** What may stand where the cursor is. */
function valuesPart(tree: CompletionTree): string {
  return `    set -l values ''
    if test -n "$expects"
        switch "$cmd:$expects"
${cases(optionRows(tree))}
        end
    else if string match -q -- '-*' $cur
        switch "$cmd"
${optionCases(tree)}
        end
        return
    else
        switch "$cmd:"(count $args)
${commandCases(tree)}
${cases(argumentRows(tree))}
        end
    end

`;
}

/** The candidates themselves. */
const candidatesPart = `    # Only "set" bears a pattern that nothing matches.
    set -l files
    set -l found
    switch "$values"
        case 'words *' 'kinds-or-apps *'
            set found (string split ' ' -- (string replace -r '^[a-z-]+ ' '' -- $values))
    end
    switch "$values"
        case apps 'kinds-or-apps *'
            set files $state/status/warmapp/*.json $state/status/canonical/*.json
        case names
            set -l kind (string lower -- $args[1] | string replace -ra '[-_]' '')
            test -d $state/status/$kind; or set kind (string replace -r 's$' '' -- $kind)
            set files $state/status/$kind/*.json
        case alerts
            set files $state/alerts/*.json
        case files
            set found (__fish_complete_path (string replace -r '^--[^=]*=' '' -- $cur))
        case directories
            set found (__fish_complete_directories (string replace -r '^--[^=]*=' '' -- $cur) '')
    end
    set -a found (__ci_warm_files $files)
    # What is completed is the whole word, --option= and all.
    set -l before (string match -r '^--[^=]*=' -- $cur)
    for candidate in $found
        printf '%s%s\\n' "$before" $candidate
    end
end

complete -c ci-warm -e
complete -c ci-warm -f -a '(__ci_warm_candidates)'
`;

function cases(rows: readonly Row[]): string {
  return rows
    .map(({ patterns, candidates }) => {
      const any = patterns.map((pattern) => fishText(pattern.replaceAll("'", '')));
      return `            case ${any.join(' ')}\n                set values ${fishText(candidates)}`;
    })
    .join('\n');
}

function commandCases(tree: CompletionTree): string {
  return [...commandsBelow(tree)]
    .map(([path, commands]) => {
      const lines = commands.map((command) => described(lastWord(command), command.description));
      return `            case ${fishText(`${path}:0`)}\n${lines.join('\n')}`;
    })
    .join('\n');
}

function optionCases(tree: CompletionTree): string {
  return ['', ...tree.commands.map(({ path }) => path)]
    .map((path) => {
      const lines = allOptions(tree, path).flatMap(({ flags, description }) =>
        flags.map((flag) => described(flag, description)),
      );
      return `            case ${fishText(path)}\n${lines.join('\n')}`;
    })
    .join('\n');
}

function described(word: string, description: string): string {
  return `                printf '%s\\t%s\\n' ${fishText(word)} ${fishText(description)}`;
}

/** In single quotes, where a backslash and the quote itself are escaped. */
function fishText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

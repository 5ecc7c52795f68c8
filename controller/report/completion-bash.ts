/** The completion script for bash 4 and later. Needs nothing but bash: bash-completion may be there or not. */
import {
  allOptions,
  argumentRows,
  commandsBelow,
  commandSteps,
  lastWord,
  optionRows,
  optionsWithValue,
  quotedText,
  type CompletionTree,
  type Row,
} from './completion.ts';

export function bashCompletion(tree: CompletionTree): string {
  return [headPart, wordsPart(tree), valuesPart(tree), candidatesPart].join('');
}

/** What stands before the function that does it. */
const headPart = `# bash completion for ci-warm. Made by: ci-warm completion bash

_ci_warm_files() {
  local file
  for file in "$@"; do
    file=\${file##*/}
    file=\${file%.json}
    [[ $file =~ ^[A-Za-z0-9][A-Za-z0-9_-]*$ ]] && printf '%s\\n' "$file"
  done
}

`;

/** From what was typed: the command, its arguments, the option that waits for a value, the state directory. */
function wordsPart(tree: CompletionTree): string {
  const known = commandSteps(tree).map(quotedText);
  return `_ci_warm() {
  local cur=\${COMP_WORDS[COMP_CWORD]} cmd='' expects='' state='' values='' kind='' word
  local -a args=()
  # "=" is a word of its own here.
  [[ $cur == '=' ]] && cur=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == '=' ]] && continue
    if [[ -n $expects ]]; then
      [[ $expects == --state ]] && state=$word
      expects=''
      continue
    fi
    case $word in
      ${optionsWithValue(tree).join('|')}) expects=$word ;;
      -*) ;;
      *)
        case "$cmd:$word" in
          ${known.join('|')}) cmd="\${cmd:+$cmd }$word" ;;
          *) args+=("$word") ;;
        esac
        ;;
    esac
  done
  [[ -z $state ]] && { (( EUID == 0 )) && state=/var/lib/ci-warm || state=./.ci-warm; }
  state=\${state/#\\~/$HOME}

`;
}

/** What may stand where the cursor is. */
function valuesPart(tree: CompletionTree): string {
  return `  if [[ -n $expects ]]; then
    case "$cmd:$expects" in
${arms(optionRows(tree))}
    esac
  elif [[ $cur == -* ]]; then
    case $cmd in
${optionArms(tree)}
    esac
  else
    case "$cmd:\${#args[@]}" in
${arms([...subcommandRows(tree), ...argumentRows(tree)])}
    esac
  fi

`;
}

/** The candidates themselves. */
const candidatesPart = `  local IFS=$'\\n' list=''
  case $values in
    'words '*) list=\${values#words } ;;
    'kinds-or-apps '*) list="\${values#kinds-or-apps } $(_ci_warm_files "$state"/status/{warmapp,canonical}/*.json)" ;;
    apps) list=$(_ci_warm_files "$state"/status/{warmapp,canonical}/*.json) ;;
    names)
      kind=\${args[0],,}
      kind=\${kind//[-_]/}
      [[ -d $state/status/$kind ]] || kind=\${kind%s}
      list=$(_ci_warm_files "$state/status/$kind"/*.json)
      ;;
    alerts) list=$(_ci_warm_files "$state"/alerts/*.json) ;;
    files)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -f -- "$cur"))
      return
      ;;
    directories)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -d -- "$cur"))
      return
      ;;
  esac
  COMPREPLY=($(IFS=$' \\n'; compgen -W "$list" -- "$cur"))
}

complete -F _ci_warm ci-warm
`;

function arms(rows: readonly Row[]): string {
  return rows
    .map(
      ({ patterns, candidates }) =>
        `      ${patterns.join('|')}) values=${quotedText(candidates)} ;;`,
    )
    .join('\n');
}

/** Names of commands, where a command may stand; what comes first wins, and 'alerts' takes no other argument. */
function subcommandRows(tree: CompletionTree): readonly Row[] {
  return [...commandsBelow(tree)].map(([path, commands]) => ({
    patterns: [`${quotedText(path)}:0`],
    candidates: `words ${commands.map(lastWord).join(' ')}`,
  }));
}

function optionArms(tree: CompletionTree): string {
  const paths = tree.commands.map(({ path }) => path);
  return ['', ...paths]
    .map((path) => {
      const words = allOptions(tree, path).flatMap(({ flags }) => flags);
      return `      ${quotedText(path)}) values=${quotedText(`words ${words.join(' ')}`)} ;;`;
    })
    .join('\n');
}

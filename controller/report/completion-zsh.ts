/** The completion script for zsh: to be sourced, or put as `_ci-warm` into a folder of `fpath`. */
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

export function zshCompletion(tree: CompletionTree): string {
  return [headPart, wordsPart(tree), valuesPart(tree), candidatesPart].join('');
}

/** What stands before the function that does it. */
const headPart = `#compdef ci-warm
# zsh completion for ci-warm. Made by: ci-warm completion zsh

`;

/** From what was typed: the command, its arguments, the option that waits for a value, the state directory. */
function wordsPart(tree: CompletionTree): string {
  const known = commandSteps(tree).map(quotedText);
  return `_ci_warm() {
  emulate -L zsh
  setopt extended_glob null_glob
  local cmd='' expects='' state='' values='' kind='' word
  local -a args found
  for word in "\${(@Q)words[2,CURRENT-1]}"; do
    if [[ -n $expects ]]; then
      [[ $expects == --state ]] && state=$word
      expects=''
      continue
    fi
    case $word in
      (--state=*) state=\${word#*=} ;;
      (${optionsWithValue(tree).join('|')}) expects=$word ;;
      (-*) ;;
      (*)
        case "$cmd:$word" in
          (${known.join('|')}) cmd="\${cmd:+$cmd }$word" ;;
          (*) args+=("$word") ;;
        esac
        ;;
    esac
  done
  if [[ -z $state ]]; then
    if (( EUID == 0 )); then state=/var/lib/ci-warm; else state=./.ci-warm; fi
  fi
  state=\${state/#\\~/$HOME}
  if [[ -z $expects && $PREFIX == --*=* ]]; then
    expects=\${PREFIX%%=*}
    compset -P '*='
  fi

`;
}

/** What may stand where the cursor is. */
function valuesPart(tree: CompletionTree): string {
  return `  if [[ -n $expects ]]; then
    case "$cmd:$expects" in
${arms(optionRows(tree))}
    esac
  elif [[ $PREFIX == -* ]]; then
    case $cmd in
${optionArms(tree)}
    esac
    _describe -o option found
    return
  else
    case "$cmd:\${#args}" in
${commandArms(tree)}
${arms(argumentRows(tree))}
    esac
  fi
`;
}

/** The candidates themselves. */
const candidatesPart = `  if (( \${#found} )); then
    _describe command found
    return
  fi

  case $values in
    ('words '*) found=(\${=values#words }) ;;
    ('kinds-or-apps '*)
      found=(\${=values#kinds-or-apps } $state/status/(warmapp|canonical)/[A-Za-z0-9]*.json(:t:r))
      ;;
    (apps) found=($state/status/(warmapp|canonical)/[A-Za-z0-9]*.json(:t:r)) ;;
    (names)
      kind=\${\${(L)args[1]}//[-_]/}
      [[ -d $state/status/$kind ]] || kind=\${kind%s}
      found=($state/status/$kind/[A-Za-z0-9]*.json(:t:r))
      ;;
    (alerts) found=($state/alerts/[A-Za-z0-9]*.json(:t:r)) ;;
    (files) _files; return ;;
    (directories) _files -/; return ;;
    (*) return 1 ;;
  esac
  compadd -a found
}

if [[ \${funcstack[1]} == _ci_warm ]]; then
  _ci_warm "$@"
elif (( $+functions[compdef] )); then
  compdef _ci_warm ci-warm
fi
`;

function arms(rows: readonly Row[]): string {
  return rows
    .map(
      ({ patterns, candidates }) =>
        `      (${patterns.join('|')}) values=${quotedText(candidates)} ;;`,
    )
    .join('\n');
}

function commandArms(tree: CompletionTree): string {
  return [...commandsBelow(tree)]
    .map(([path, commands]) => {
      const found = commands.map((command) => described(lastWord(command), command.description));
      return `      (${quotedText(path)}:0) found=(${found.join(' ')}) ;;`;
    })
    .join('\n');
}

function optionArms(tree: CompletionTree): string {
  return ['', ...tree.commands.map(({ path }) => path)]
    .map((path) => {
      const found = allOptions(tree, path).flatMap(({ flags, description }) =>
        flags.map((flag) => described(flag, description)),
      );
      return `      (${quotedText(path)}) found=(${found.join(' ')}) ;;`;
    })
    .join('\n');
}

/** As `_describe` takes it. */
function described(word: string, description: string): string {
  return quotedText(`${word}:${description}`);
}

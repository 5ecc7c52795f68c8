# What bash would complete: ask.bash SCRIPT. A line to complete a line on stdin; candidates on stdout, then "---".
source "$1"
while IFS= read -r line; do
  # As readline does it: blanks and "=" part words, and "=" is a word of its own.
  read -ra COMP_WORDS <<< "${line//=/ = }"
  [[ $line == *' ' ]] && COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
  _ci_warm
  ((${#COMPREPLY[@]})) && printf '%s\n' "${COMPREPLY[@]}"
  echo ---
done

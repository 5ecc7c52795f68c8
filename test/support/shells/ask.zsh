# What zsh completes: ask.zsh SCRIPT FILE ZSH. A line to complete a line on stdin; candidates on stdout, then "---".
#
# Only a zsh with a terminal completes, so one is run in a pseudo terminal. There `compadd` writes down what matches
# into FILE (with -O, -D or -A it adds nothing, but tells its caller what would match), and a widget on ^X completes and
# writes "---" when it is through.
zmodload zsh/zpty zsh/zselect
zpty inner ${(q)3} -f -i
script=$1 file=$2

zpty -w inner "PROMPT=; autoload -Uz compinit; compinit -u -D; source ${(q)script}
compadd() {
  if [[ \" \$* \" != *' -'[ODA]' '* ]]; then
    local -a hits
    builtin compadd -O hits \"\$@\"
    print -rl -- \$hits >> ${(q)file}
  fi
  builtin compadd \"\$@\"
}
_ask() { _main_complete; compstate[insert]=; print -r -- --- >> ${(q)file} }
zle -C ask list-choices _ask; bindkey '^X' ask; print -r -- --- > ${(q)file}"

# At most ten seconds.
wait_for_end() {
  local turn
  for turn in {1..1000}; do
    [[ -s $file && ${"$(<$file)"##*$'\n'} == --- ]] && return
    zselect -t 1
  done
  print -u2 "zsh gave no answer to: $line"
  exit 1
}

wait_for_end
while IFS= read -r line; do
  : > $file
  zpty -w -n inner "$line"$'\x18'
  wait_for_end
  print -r -- "$(<$file)"
  zpty -w -n inner $'\x15'
done
zpty -d inner

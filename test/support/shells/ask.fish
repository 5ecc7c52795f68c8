# What fish completes: ask.fish SCRIPT. A line to complete a line on stdin; candidates on stdout, then "---".
source $argv[1]
while read -l line
    complete -C "$line" | string replace -r '\t.*' ''
    echo ---
end

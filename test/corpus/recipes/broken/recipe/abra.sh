export FINE=v1
export CLEVER=$(date +%s)
function entry() {
  export INSIDE=not-read
}

export FINE_VERSION=v1
export STAMP_VERSION=v$(date +%s)
export HOST_VERSION=$HOSTNAME
if [ "$STAGE" = production ]; then
export CHOSEN_VERSION=v2
else
export CHOSEN_VERSION=v3
fi
case "$STAGE" in
  production)
export CASE_VERSION=v2
  ;;
esac
export AFTER_VERSION=v1
export TWO_VERSION=v1 THREE_VERSION=v1
for n in 1 2; do export LOOP_VERSION=v$n; done
export LAST_VERSION=v1

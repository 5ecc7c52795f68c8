#!/bin/bash
# export COMMENTED_VERSION=v9
export APP_CONF_VERSION=v4
export QUOTED_VERSION="v5" # raised for 2.0
export SINGLE_VERSION='v6'
export	TABBED_VERSION=v7
PLAIN_VERSION=v8

backup() {
  export PGPASSWORD=$(cat /run/secrets/db)
  if [ -n "$1" ]; then
    export NOT_FROM_ABRA=function
  fi
}

if [ "$DEBUG" = 1 ]; then
  export NOT_FROM_ABRA=condition
fi

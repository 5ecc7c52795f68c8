#!/bin/bash
# Set any config versions here
# Docs: https://docs.coopcloud.tech/maintainers/handbook/#manage-configs
export NGINX_DEFAULT_CONF_VERSION=v6

# This recipe has no configs, so it has no config versions.

"""Pages about licences: their list, each one, its keys, devices, rules and files."""

"""The customers' pages: a package per subject, and what every page stands on."""

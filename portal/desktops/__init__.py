"""One person, or one machine, as programs know them: sessions, devices, refusals, rules, use."""

"""How things are said, to whoever reads them: times, states, names, sentences."""

"""The demo's estate: made-up accounts, their people and licences, and the months they lived."""

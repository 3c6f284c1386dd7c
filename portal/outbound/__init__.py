"""The one door to what is outside: addresses that customers typed in, and the DNS."""

"""The vendor's API: a shop or CRM of the vendor does what staff do in the console."""

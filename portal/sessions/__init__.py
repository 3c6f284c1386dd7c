"""Who is using a licence now, as pages tell it, and releasing a seat."""

"""Names of made-up people, as Windows knows them."""

from __future__ import annotations

from collections.abc import Iterator

FIRST_NAMES = (
    "Aisha", "Alan", "Amira", "Ben", "Bethan", "Callum", "Carys", "Chloe", "Craig", "Dana",
    "Declan", "Eilidh", "Elena", "Ewan", "Farah", "Fiona", "Gareth", "Grace", "Hamza",
    "Hannah", "Iain", "Imran", "Isla", "Jack", "Jamila", "Joanna", "Karl", "Kate", "Leo",
    "Lucy", "Malik", "Marta", "Mohan", "Nadia", "Niamh", "Oliver", "Owen", "Petra", "Poppy",
    "Rhys", "Rosa", "Sam", "Sanjay", "Sofia", "Stuart", "Tara", "Theo", "Uma", "Victor",
    "Yasmin", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Adeyemi", "Ahmed", "Barker", "Bell", "Bishop", "Booth", "Byrne", "Campbell", "Chandra",
    "Clarke", "Davies", "Dixon", "Doyle", "Evans", "Fletcher", "Flynn", "Foster", "Gill",
    "Grant", "Hall", "Hughes", "Hussain", "Ibrahim", "Jones", "Kaur", "Kelly", "Khan",
    "Lewis", "Marsh", "Mason", "Mistry", "Morgan", "Murray", "Nowak", "Okoro", "Osman",
    "Parry", "Patel", "Quinn", "Reid", "Rossi", "Shaw", "Singh", "Slater", "Stone", "Tait",
    "Turner", "Underwood", "Vaughan", "Walsh", "Wong", "Young",
)  # fmt: skip


def names(of: str, count: int) -> Iterator[str]:
    """So many Windows names such as ``l.marsh``, always the same for a team."""
    first = sum(of.encode())
    for number in range(first, first + count):
        given = FIRST_NAMES[number % len(FIRST_NAMES)]
        family = LAST_NAMES[number * 7 % len(LAST_NAMES)]
        yield f"{given[0]}.{family}".lower()

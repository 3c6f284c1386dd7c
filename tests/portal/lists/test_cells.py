"""The cells of tables: ``{% cell %}``."""

from __future__ import annotations

import pytest
from django.template import Context, Template, TemplateSyntaxError

from portal.lists.columns import Column

COLUMNS = {"seats": Column(name="seats", label="Seats & limits", css="num", rank=2)}


class Unfetched:
    """A value that nobody may look at."""

    def __str__(self):
        raise AssertionError("it was looked up")


def printed(text, **context):
    return Template(text).render(Context({"columns": COLUMNS} | context))


def test_has_its_columns_heading_and_classes():
    cell = printed("{% cell columns.seats css='cell-wide' %}\n  <b>{{ n }}</b>\n{% endcell %}", n=7)

    assert cell == (
        '<td role="cell" class="cell-wide num p2" data-label="Seats &amp; limits"><b>7</b></td>'
    )


def test_has_a_heading_of_its_own():
    cell = printed("{% cell label=_('Seats') %}{{ n }}{% endcell %}{% cell %}{% endcell %}", n="<")

    assert cell == '<td role="cell" data-label="Seats">&lt;</td><td role="cell"></td>'


def test_is_neither_there_nor_looked_up_where_its_column_does_not_show():
    assert printed("{% cell columns.key %}{{ key }}{% endcell %}", key=Unfetched()) == ""


@pytest.mark.parametrize("arguments", ["columns.seats columns.key", "label='a' columns.seats"])
def test_takes_one_column(arguments):
    with pytest.raises(TemplateSyntaxError, match=r"does not know what 'columns\.\w+' is"):
        printed(f"{{% cell {arguments} %}}{{% endcell %}}")

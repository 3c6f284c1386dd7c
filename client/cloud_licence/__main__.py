"""``python -m cloud_licence`` is the command ``cloud-licence``."""

import sys

from cloud_licence.command import main

sys.exit(main())

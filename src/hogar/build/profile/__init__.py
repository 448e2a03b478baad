"""What is published of every household? All that a decision reads, joined into one positional value each.

`publish_profile` reads the tables of `resolve`, `features` and `train` and the consents; it writes one profile version.

Reading order: `version`, `people`, `values`, `offers`. Before: `steps`. After: `stores.profiles`.
"""

from hogar.build.profile.version import publish_profile

__all__ = ["publish_profile"]

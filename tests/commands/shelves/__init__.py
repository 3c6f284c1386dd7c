"""An app with nothing but migrations, for the tests of ``migrate``."""

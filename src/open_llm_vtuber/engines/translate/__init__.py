"""The translators: `base.py` says what one must do, every other module is one."""

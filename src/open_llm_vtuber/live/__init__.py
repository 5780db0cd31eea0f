"""The chat of live streams as input: who is listened to, and what of it the character hears."""

from .chat import LiveChat as LiveChat
from .sources import sources_of as sources_of

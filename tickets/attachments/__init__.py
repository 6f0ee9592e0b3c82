"""附件: opened and cleaned, kept outside the web root, served only to who may see them.

`take(files, kinds)` turns uploads into what the actions accept as `files=`; it is called outside
any transaction. Nothing is kept of what is refused.
"""

from tickets.attachments.reading import Prepared as Prepared
from tickets.attachments.reading import prepare as prepare
from tickets.attachments.reading import take as take

__all__ = ["Prepared", "prepare", "take"]

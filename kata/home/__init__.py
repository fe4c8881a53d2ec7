"""`kata open`: the kata as a page in the browser, beside any editor. Nothing of it leaves the machine.

Come here to change what the page shows, how it looks, who may ask it for something, or how it follows saves. What it
says comes from elsewhere: results, hints and failures from the judge, lessons from exercises/.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.home.opening import open_page
else:
    __getattr__ = door(__name__)

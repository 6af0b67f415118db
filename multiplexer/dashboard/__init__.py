"""The page that shows running applications in a browser; it needs the extra ``dashboard``.

``serving`` has its server, ``application`` what that answers, ``observer`` who looks at the applications once a second,
``readings`` what became of their counters between two looks, ``overview`` what a page is told, ``feed`` the pages that
are open. ``page.html``, ``page.css`` and ``page.js`` are the page, which is sent as one.
"""

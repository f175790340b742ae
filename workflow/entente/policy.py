"""The content security policy of a page that stands alone: its own script and style run, and nothing else does."""

import base64
import hashlib


def policy(script, style, *, loading=False):
    """Return the policy of a page with this *script* and *style*, which are told by their digests.

    Nothing is asked of any other place, and no script runs that a text might smuggle in. *loading* lets the script
    load others, that lie beside the page.
    """
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {digest(script)}" + " 'strict-dynamic'" * loading,
            f"style-src {digest(style)}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def digest(content):
    """Return the source expression that lets one script or style run.

    >>> digest("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"

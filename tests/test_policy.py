"""A page that stands alone lets its own script and style run, and nothing else."""

from entente.policy import policy

HELLO = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"  # of the example in the W3C's specification
NOTHING = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"


def test_what_may_run_is_told_by_its_digest_and_nothing_may_be_asked_for():
    """No directive lets anything unsafe pass."""
    assert policy("alert('Hello, world.');", "").split("; ") == [
        "default-src 'none'",
        f"script-src {HELLO}",
        f"style-src {NOTHING}",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_a_script_may_be_let_load_others():
    assert f"script-src {HELLO} 'strict-dynamic'; " in policy("alert('Hello, world.');", "", loading=True)

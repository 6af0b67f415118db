# Generated from tests/asyncio/commands/test_acl.py by scripts/generate_blocking.py; change that file instead.
"""Commands about users."""

from __future__ import annotations

import hashlib

import pytest

from multiplexer.errors import DataError, ResponseError

from .requirements import requires

PASSWORD = "correct horse"
DIGEST = hashlib.sha256(PASSWORD.encode()).hexdigest()


@pytest.fixture
def user(db):
    """The name of a user, who is deleted afterwards."""
    db.acl_deluser("joe")
    yield "joe"
    db.acl_deluser("joe")


def test_asking(db):
    assert db.acl_whoami() == "default"
    assert "string" in db.acl_cat()
    assert "get" in db.acl_cat("string")
    assert "default" in db.acl_users()
    assert db.acl_list()[0].startswith("user default on")
    assert len(db.acl_genpass()) == 64
    assert len(db.acl_genpass(16)) == 4
    assert db.acl_getuser("nobody") is None
    with pytest.raises(DataError, match="ACL GENPASS: bits must be a number from 1 to 4096, not 0"):
        db.acl_genpass(0)


def test_a_user(db, user):
    assert db.acl_setuser(
        user,
        enabled=True,
        passwords=["+" + PASSWORD, "+other"],
        categories=["+read", "-@dangerous"],
        commands=["+set", "-get"],
        keys=["cache:*", b"temp:*"],
        channels=["news"],
        selectors=[("+get", "%R~open:*")],
    )
    rules = db.acl_getuser(user)
    assert rules["enabled"] is True
    assert "on" in rules["flags"]
    assert DIGEST in rules["passwords"]
    assert len(rules["passwords"]) == 2
    assert "+@read" in rules["categories"]
    assert {"+set", "-get"} <= set(rules["commands"])
    assert rules["keys"] == ["~cache:*", "~temp:*"]
    assert rules["channels"] == ["&news"]
    assert rules["selectors"][0][:4] == ["commands", "-@all +get", "keys", "%R~open:*"]
    assert db.acl_dryrun(user, "STRLEN", "cache:1") == b"OK"
    assert db.acl_dryrun(user, "KEYS", "cache:1") != b"OK"


def test_changing_a_user(db, user):
    db.acl_setuser(user, enabled=True, hashed_passwords="+" + DIGEST, commands=["+get"], keys=["a"])
    assert db.acl_getuser(user)["passwords"] == [DIGEST]
    db.acl_setuser(user, passwords="-" + PASSWORD)
    rules = db.acl_getuser(user)
    assert rules["passwords"] == []
    assert rules["enabled"] is False
    assert rules["keys"] == ["~a"]
    db.acl_setuser(user, nopass=True, reset_keys=True, reset_channels=True, reset_passwords=True)
    rules = db.acl_getuser(user)
    assert rules["keys"] == []
    assert "nopass" in rules["flags"]
    db.acl_setuser(user, reset=True)
    assert "+get" not in db.acl_getuser(user)["commands"]
    assert db.acl_deluser(user, "nobody") == 1


def test_the_default_user(db):
    rules = db.acl_getuser("default")
    assert rules["enabled"] is True
    assert rules["categories"] == ["+@all"]
    assert rules["commands"] == []
    assert rules["keys"] == ["~*"]
    assert rules["selectors"] == []


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"nopass": True, "passwords": "+x"}, "nopass and passwords contradict each other"),
        ({"passwords": "secret"}, r"each of passwords must begin with \+ or -"),
        ({"hashed_passwords": ["secret"]}, r"each of hashed_passwords must begin with \+ or -"),
        ({"categories": ["read"]}, r"each of categories must begin with \+ or -"),
        ({"commands": ["get"]}, r"each of commands must begin with \+ or -"),
        ({"selectors": [("get", "~x")]}, r"the command of each of selectors must begin with \+ or -"),
        ({"selectors": [("+get", "x")]}, "the pattern of each of selectors must begin with ~ or %"),
    ],
)
def test_a_user_with_bad_rules(db, options, problem):
    with pytest.raises(DataError, match=f"ACL SETUSER: {problem}") as caught:
        db.acl_setuser("joe", **options)
    assert "secret" not in str(caught.value)


def test_a_rule_the_server_refuses(db, user):
    with pytest.raises(ResponseError):
        db.acl_setuser(user, categories=["+nonsense"])


def test_no_user(db):
    with pytest.raises(DataError, match="ACL DELUSER: username must not be empty"):
        db.acl_deluser()


def test_dryrun(db, db_str, user):
    db.acl_setuser(user, commands=["+get"], keys=["a"])
    assert db.acl_dryrun(user, "GET", "a") == b"OK"
    assert "has no permissions" in db_str.acl_dryrun(user, "SET", "a", 1)
    with pytest.raises(DataError, match="ACL DRYRUN: args must not be empty"):
        db.acl_dryrun(user)


def test_log(db, server, user):
    assert db.acl_log_reset() is True
    assert db.acl_log() == []
    with pytest.raises(Exception, match="WRONGPASS"):
        server.command("AUTH", user, "wrong")
    entry = db.acl_log(10)[0]
    assert entry["reason"] == "auth"
    assert entry["username"] == user
    assert isinstance(entry["age-seconds"], float)
    assert entry["client-info"]["cmd"] == "auth"
    with pytest.raises(DataError, match="ACL LOG: count must not be negative"):
        db.acl_log(-1)


def test_file(db):
    with pytest.raises(ResponseError, match="ACL file"):
        db.acl_load()
    with pytest.raises(ResponseError, match="ACL file"):
        db.acl_save()


def test_acl_help(db):
    assert db.acl_help()[0].startswith("ACL <subcommand>")


@requires(valkey=(9, 1), redis=None)
def test_databases_of_a_user(db):
    try:
        assert db.acl_setuser("guest", databases=[0, 3])
        assert db.acl_getuser("guest")["databases"] == "db=0,3"
        assert db.acl_setuser("guest", reset_databases=True)
        assert db.acl_getuser("guest")["databases"] == ""
    finally:
        db.acl_deluser("guest")
    with pytest.raises(DataError, match="ACL SETUSER: databases must not be empty"):
        db.acl_setuser("guest", databases=[])

"""redis-om: models as hashes and as documents, indexes and queries; needs the modules.

It sends searches word by word, and before its version 1.2 reads what the server answers as RESP2 has it.
"""

from __future__ import annotations

import sys

import pytest

from .common import check_facade

# isort: split
from redis_om import EmbeddedJsonModel, Field, HashModel, JsonModel, Migrator, NotFoundError, get_redis_connection

URL = sys.argv[-1]
CLIENT = get_redis_connection(url=f"{URL}{'&' if '?' in URL else '?'}protocol=2")


class Base:
    database = CLIENT
    global_key_prefix = "acceptance"


class Customer(HashModel, index=True):
    name: str = Field(index=True)
    age: int = Field(index=True, sortable=True)
    bio: str = Field(index=True, full_text_search=True, default="")

    class Meta(Base):
        pass


class Address(EmbeddedJsonModel, index=True):
    city: str = Field(index=True)

    class Meta(Base):
        embedded = True


class Shop(JsonModel, index=True):
    name: str = Field(index=True)
    address: Address

    class Meta(Base):
        pass


def main() -> None:
    check_facade(CLIENT)
    Migrator(conn=CLIENT).run()
    for name, age, bio in (("Ann", 30, "likes red wine"), ("Bob", 20, "likes beer"), ("Eve", 40, "")):
        Customer(name=name, age=age, bio=bio).save()
    ann = Customer.find(Customer.name == "Ann").first()
    assert (ann.age, Customer.get(ann.pk).name) == (30, "Ann")
    assert [each.name for each in Customer.find(Customer.age >= 30).sort_by("-age").all()] == ["Eve", "Ann"]
    assert [each.name for each in Customer.find(Customer.bio % "wine").all()] == ["Ann"]
    assert Customer.find().count() == 3
    ann.update(age=31)
    assert Customer.get(ann.pk).age == 31
    assert ann.expire(100) is None
    Customer.delete(ann.pk)
    with pytest.raises(NotFoundError):
        Customer.get(ann.pk)
    shop = Shop(name="Corner", address=Address(city="Oslo")).save()
    assert Shop.find(Shop.address.city == "Oslo").first().pk == shop.pk
    assert Shop.get(shop.pk).address.city == "Oslo"
    CLIENT.close()


if __name__ == "__main__":
    main()

"""redisvl: an index of vectors, its documents and queries, in both worlds; needs the modules."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import numpy as np

from .common import check_facade

# isort: split
from redisvl.index import AsyncSearchIndex, SearchIndex
from redisvl.query import CountQuery, FilterQuery, RangeQuery, VectorQuery
from redisvl.query.filter import Num, Tag


def schema(name: str) -> dict[str, Any]:
    return {
        "index": {"name": name, "prefix": name},
        "fields": [
            {"name": "user", "type": "tag"},
            {"name": "age", "type": "numeric"},
            {
                "name": "at",
                "type": "vector",
                "attrs": {"dims": 3, "distance_metric": "cosine", "algorithm": "flat", "datatype": "float32"},
            },
        ],
    }


DATA = [
    {"user": user, "age": age, "at": np.array(at, dtype=np.float32).tobytes()}
    for user, age, at in (("ann", 30, [0.1, 0.1, 0.5]), ("bob", 20, [0.1, 0.1, 0.5]), ("eve", 40, [0.9, 0.9, 0.1]))
]
NEAREST = VectorQuery([0.1, 0.1, 0.5], "at", return_fields=["user", "age"], num_results=2)


def blocking(url: str) -> None:
    index = SearchIndex.from_dict(schema("blocking"), redis_url=url)
    index.create(overwrite=True)
    check_facade(index.client)
    assert index.exists()
    keys = index.load(DATA, id_field="user")
    assert keys == ["blocking:ann", "blocking:bob", "blocking:eve"]
    assert sorted(found["user"] for found in index.query(NEAREST)) == ["ann", "bob"]
    assert [
        found["user"] for found in index.query(FilterQuery(return_fields=["user"], filter_expression=Num("age") > 35))
    ] == ["eve"]
    assert index.query(CountQuery(Tag("user") == "ann")) == 1
    near = RangeQuery([0.1, 0.1, 0.5], "at", return_fields=["user"], distance_threshold=0.1)
    assert sorted(found["user"] for found in index.query(near)) == ["ann", "bob"]
    assert index.fetch("ann")["age"] == "30"
    assert index.info()["num_docs"] in (3, "3")
    index.delete(drop=True)
    assert not index.exists()


async def in_asyncio(url: str) -> None:
    async with AsyncSearchIndex.from_dict(schema("asyncio"), redis_url=url) as index:
        await index.create(overwrite=True)
        check_facade(index.client)
        await index.load(DATA, id_field="user")
        assert sorted(found["user"] for found in await index.query(NEAREST)) == ["ann", "bob"]
        await index.delete(drop=True)
        assert not await index.exists()


def main(url: str) -> None:
    blocking(url)
    asyncio.run(in_asyncio(url))


if __name__ == "__main__":
    main(sys.argv[1])

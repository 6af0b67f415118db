"""The façade's clients of clusters have redis-py's names, and its methods are called as there."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import pytest

import multiplexer.compat.asyncio.cluster as asyncio_cluster
import multiplexer.compat.cluster as cluster
from multiplexer.compat.machinery import cluster_routing
from multiplexer.core.commands.command_table import COMMANDS
from tests.servers.packages import require_redis_py

from .test_names import MISSING

#: What redis-py's own machinery is made of, and what is deprecated there.
MACHINERY = {
    "CLUSTER_COMMANDS_RESPONSE_CALLBACKS",
    "COMMAND_FLAGS",
    "IMMEDIATE_EXECUTE_COMMANDS",
    "NO_SLOTS_COMMANDS",
    "RESULT_CALLBACKS",
    "SEARCH_COMMANDS",
    "UNWATCH_COMMANDS",
    "clean_health_check_responses",
    "client",
    "config",
    "get_nodes_from_slot",
    "get_random_primary_or_all_nodes",
    "get_special_nodes",
    "himport_discard_all_internal",
    "load_scripts",
    "on_connect",
    "script",
    "script_load_for_pipeline",
    "send_cluster_commands",
    "slowlog",
}


@pytest.mark.parametrize("name", ["RedisCluster", "ClusterPipeline", "ClusterPubSub", "ClusterNode"])
def test_methods_are_those_of_redis_py(name: str) -> None:
    require_redis_py()
    theirs = getattr(importlib.import_module("redis.cluster"), name)
    names = {each for each in dir(theirs) if not each.startswith("_")}
    for module in (cluster, asyncio_cluster):
        ours = getattr(module, name)
        lacking = {each for each in names if not hasattr(ours, each)}
        others = {"ClusterPipeline": {"annotate_exception"}, "ClusterPubSub": {"run_in_thread"}}  # a task has run()
        assert lacking <= MISSING | MACHINERY | others.get(name, set())


def test_arguments_are_those_of_redis_py() -> None:
    require_redis_py()
    theirs = inspect.signature(importlib.import_module("redis.cluster").RedisCluster).parameters
    refused = {"event_dispatcher", "policy_resolver", "maint_notifications_config", "kwargs"}
    for module in (cluster, asyncio_cluster):
        ours: Any = inspect.signature(module.RedisCluster).parameters
        for name, parameter in theirs.items():
            if name not in refused:
                assert ours[name].default == parameter.default, name


def test_what_has_no_key_is_known_to_the_command_table() -> None:
    later = {"TFUNCTION LOAD"}
    for name in (*cluster_routing.TARGETS, *cluster_routing.MERGES):
        assert name in COMMANDS or name in later, name

# Generated from multiplexer/asyncio/connection_group.py by scripts/generate_blocking.py; change that file instead.
"""Several deployments of which one is used: the others stand by, each with a multiplexer of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import count
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from ..configuration import ConfigurationOptions
from ..configuration.hidden import hidden, shown
from ..core.availability.active_member import choose, heaviest
from ..core.availability.group_events import ActiveChanged, MemberHealthChanged
from ..core.availability.group_options import GroupOptions, Member
from ..core.availability.member_health import MemberHealth
from ..core.availability.probing import once_answered
from ..core.call_options import ANY_DATABASE, CallOptions
from ..core.chance import fraction
from ..core.commands.command_table import COMMANDS
from ..core.connection_counters import ServerCounters
from ..core.diagnosis.events import Event, Events
from ..core.health import Health, HealthState
from ..core.logging import logger
from ..core.message import InternalMessage
from ..core.physical_bridge import BridgeState
from ..core.resending import Rerouted
from ..core.server_selection_strategy import ServerSelectionStrategy
from ..core.wire.resp import pack
from ..drivers.threads import Bridge
from ..errors import ConfigurationError, DataError, MultiplexerClosedError, RedisConnectionError, RedisError
from ..importing import importing
from .connecting import entered_at_once
from .connection_multiplexer import MOST_BETWEEN_ATTEMPTS, PATIENCE_FOR_OTHERS, ConnectionMultiplexer
from .database import CodedDatabase, Database
from .handle import with_deadline
from .subscriber import Subscriber
from .subscription import SubscriptionHub

if TYPE_CHECKING:
    import os

    from ..attaching.status_server import StatusServer
    from ..core.coding.conversion import Codec
    from ..core.types import Value

#: Settings of members that commands are checked and packed by before it is known which member they go to.
_ALIKE = ("allow_admin", "channel_prefix", "command_map", "default_database", "lease_above", "proxy")
#: What a probe that writes sets.
_PROBE_KEY = "multiplexer:probe"


class GroupMember:
    """A member of a group, as it is now.

    Attributes:
        name: Its name.
        weight: Of those that are well, the one with the most is used; may be set.
        multiplexer: Its own multiplexer. What is sent over handles of this one stays with this member.
        health: What is known of it.
    """

    def __init__(self, group: ConnectionGroup, name: str, weight: float, multiplexer: ConnectionMultiplexer) -> None:
        self.name = name
        self.multiplexer = multiplexer
        self._group = group
        self._weight = float(weight)
        self.health = MemberHealth(group.options, monotonic())
        self._answered = self._failed = 0
        self._answers = False
        self._probe_at = 0.0
        self._asked_at: float | None = None
        self._calls = multiplexer._driver.make_queue(self._ask)  # of the application's own probe, which may hang

    @shown
    def __repr__(self) -> str:
        return f"<GroupMember {self.name} weight={self.weight:g} {self.health.reason or 'well'}>"

    @property
    def weight(self) -> float:
        """Of those that are well, the one with the most is used."""
        return self._weight

    @weight.setter
    def weight(self, weight: float) -> None:
        self._weight = _weight(weight)
        self._group.review()

    @property
    def is_active(self) -> bool:
        """Whether this is the one that is used."""
        return self._group.active is self

    @property
    def is_well(self) -> bool:
        """Whether it could be used."""
        return self.health.is_well

    def reset(self) -> None:
        """Take it for well, as far as it can be reached: what failed there is forgotten."""
        self._group.take_note(self, lambda: self.health.reset(monotonic()))
        self._group.review()

    def give_up(self) -> None:
        """Use it no longer as long as another one is well, until its probes are good again."""
        self._group.take_note(self, lambda: self.health.give_up(monotonic()))
        self._group.review()

    # -- what is known of it ---------------------------------------------------------------------------

    def look(self, now: float) -> None:
        """See what its connections say."""
        bridges = self._bridges()
        lost = [bridge for bridge in bridges if bridge.state is not BridgeState.ESTABLISHED]
        tried = [bridge for bridge in lost if bridge.attempts]
        # A connection that was lost may be back at once: it is the attempt to make it anew that says more. Of a cluster
        # most must be out of reach: it sees to its own failovers.
        unreachable = None
        if tried and len(tried) * 2 > len(bridges):
            unreachable = f"{tried[0].endpoint} cannot be reached: {tried[0].last_error}"
        elif not any(bridge.ever_established for bridge in bridges):
            unreachable = "not connected yet"
        # Those of a connection that is up are forgotten once it has lasted, or add up when it is lost again.
        self.health.connection(now, unreachable, max((bridge.failures for bridge in lost), default=0))

    def beat(self, now: float) -> None:
        """See what its connections say, and count what came of its commands."""
        answered, failed = self._outcomes()
        more, worse = answered - self._answered, failed - self._failed
        self._answered, self._failed = answered, failed
        self.look(now)
        self.health.traffic(now, max(more, 0), max(worse, 0))
        self._answers = more > 0

    def _outcomes(self) -> tuple[int, int]:
        answered = failed = 0
        for server in self.multiplexer.get_counters():
            for counters in (server.interactive, server.leased):
                answered += counters.answered
                failed += counters.failed
        return answered, failed

    def _bridges(self) -> list[Bridge]:
        try:
            return self.multiplexer._coordinator.strategy.covering()
        except RedisConnectionError:
            return []

    # -- probes ----------------------------------------------------------------------------------------

    def probe(self, now: float) -> None:
        """See that it is asked whether it is well. Without the group's lock: to send may mean to wait for a writer."""
        options = self._group.options
        if self._asked_at is not None and now - self._asked_at >= options.probe_timeout:
            self._asked_at = None
            self._group.probed(self, False)
        if now < self._probe_at or self._asked_at is not None:
            return
        self._probe_at = now + options.probe_interval * (0.9 + 0.2 * fraction(0, 1))
        if self._answers and self.health.is_well:
            self._group.probed(self, True)  # a member that answers others need not be asked
        elif callable(options.probe):
            self._asked_at = now
            self._calls.put(now)
        elif options.probe == "connected":
            self._group.probed(self, not self._unconnected())
        else:
            self._send_probe(now, options.probe)

    def _unconnected(self) -> bool:
        return any(bridge.state is not BridgeState.ESTABLISHED for bridge in self._bridges())

    def _send_probe(self, now: float, kind: str) -> None:
        bridges = [bridge for bridge in self._bridges() if bridge.state is BridgeState.ESTABLISHED]
        if not bridges:
            return  # its connections say enough
        self._asked_at = now
        answer = once_answered(len(bridges), partial(self._answer, now))
        for bridge in bridges:
            message = bridge.keepalive()
            if kind == "write" and not self.multiplexer.is_cluster:
                words = ("SET", _PROBE_KEY, "", "PX", max(int(self._group.options.probe_timeout * 1000), 1))
                message = InternalMessage(COMMANDS["SET"], pack(words), ANY_DATABASE)
            message.then = answer
            try:
                bridge.post([message])
            except RedisError as error:
                answer(error)

    def _ask(self, now: float) -> None:
        """Call the application's own probe. Runs where handlers do."""
        probe: Any = self._group.options.probe
        try:
            outcome = probe(self)
        except Exception as error:
            logger().warning("the probe of %s raised %s: %s", self.name, type(error).__name__, error)
            outcome = False
        self._answer(now, None if outcome is None else bool(outcome))

    def _answer(self, asked_at: float, outcome: bool | None) -> None:
        if self._asked_at != asked_at:
            return  # too late: it counts as failed already
        self._asked_at = None
        # Not here, which may be where replies are read.
        self.multiplexer._driver.later(0.0, self._group.probed, self, outcome)

    def status(self) -> dict[str, Any]:
        """Return its state as plain values; no secrets."""
        return {
            "name": self.name,
            "weight": self.weight,
            "is_active": self.is_active,
            "is_well": self.is_well,
            "reason": self.health.reason,
            "circuit_breaker": "open" if self.health.breaker.is_open else "closed",
            **self.multiplexer.get_status(),
        }


class ConnectionGroup:
    """Several deployments of the same data, of which one is used as long as it is well.

    It looks like a multiplexer. Each command belongs to the member that took it: when another one is used from then on,
    what was not sent goes there, and what was sent is never sent there by itself; its callers learn whether it was
    sent, as ever.

    Attributes:
        options: What it goes by.
        active: The member that is used.
        active_changed: Another member is used from now on.
        member_health_changed: A member was given up, or is well again.
    """

    def __init__(self, members: Sequence[Member], options: GroupOptions) -> None:
        """Make a group that is not connected; use :meth:`connect`."""
        self.options = options
        #: Whether members are judged and chosen: not before all have been tried, nor while they are closed.
        self._chooses = False
        self._wanted: GroupMember | None = None
        options_of = [ConfigurationOptions.parse(hidden(each.configuration)) for each in members]
        _refuse_differences(options_of)
        multiplexers = [ConnectionMultiplexer(given) for given in options_of]
        names = [each.name or f"member{number}" for number, each in enumerate(members, 1)]
        if len(set(names)) < len(names):
            raise ConfigurationError("ConnectionGroup: each member needs a name of its own")
        self._members = {
            name: GroupMember(self, name, _weight(each.weight), mux)
            for name, each, mux in zip(names, members, multiplexers, strict=True)
        }
        self.active = heaviest(self._members.values())
        first = self.active.multiplexer
        # Guards which member is the active one, and the members' health. Whoever holds it neither sends nor waits: the
        # connections' own locks come before it.
        self._lock = first._driver.lock
        #: Guards that commands' handles follow one member whole, and no member but the active one.
        self._following = first._driver.make_guard()
        self._moving = False
        self._moved_to = self.active
        #: Whether the members that subscriptions stand by with are others than they were.
        self._stands_by_others = False
        self._why = ""
        self._strategy: ServerSelectionStrategy[Bridge] = ServerSelectionStrategy(first._coordinator.strategy)
        self._driver = _ActiveDriver(self, first._driver)
        self._databases: dict[tuple[int, bool], Database[Any]] = {}
        self._status_servers: list[StatusServer] = []
        self._subscriptions = SubscriptionHub(first._driver, first._coordinator)
        self._subscriber: Subscriber[bytes, bytes] = Subscriber(self._subscriptions, self.get_database())
        self._stand_by()
        events = Events(partial(_ActiveQueue, self))
        self.active_changed: Event[ActiveChanged] = Event("active_changed", events)
        self.member_health_changed: Event[MemberHealthChanged] = Event("member_health_changed", events)
        for member in self._members.values():
            self._follow(member)

    @shown
    def __repr__(self) -> str:
        return f"<ConnectionGroup {', '.join(self._members)}; {self.active.name} is used>"

    def _follow(self, member: GroupMember) -> None:
        """Be told of what happens to a member. All of that may run where replies are read, and only takes note."""
        coordinator, driver = member.multiplexer._coordinator, member.multiplexer._driver
        coordinator.elsewhere = self._strategy
        coordinator.beyond = self._beyond
        coordinator.on_change = partial(driver.later, 0.0, self._changed, member)
        coordinator.strategy.on_follow = self._follow_active
        driver.on_beat = partial(self._beat, member, driver.on_beat)
        member.multiplexer._leases.is_used = lambda: self.active is member

    # -- life ------------------------------------------------------------------------------------------

    @classmethod
    @entered_at_once
    def connect(cls, members: Iterable[Member], options: GroupOptions | None = None) -> ConnectionGroup:
        """Make a group and connect all of its members.

        The member that is used first is the one with the most weight of those that answered. Where none does, commands
        wait, or fail, as the backlog policy has it.

        Args:
            members: At least one.
            options: What it goes by.

        Returns:
            The group. ``with`` takes it as it is and closes it at the end.

        Raises:
            ConfigurationError: A configuration is not understood, members differ in what must be the same for all, or
                two have the same name.
        """
        given = list(members)
        if not given or not all(isinstance(member, Member) for member in given):
            raise ConfigurationError("ConnectionGroup.connect: members must be Member objects, at least one")
        group = cls(given, options or GroupOptions())
        try:
            group._connect()
        except BaseException:
            group.close()
            raise
        return group

    def _connect(self) -> None:
        members = tuple(self._members.values())
        for member in members:
            member.multiplexer.begin()
        limit = max(member.multiplexer.options.connect_timeout for member in members) + MOST_BETWEEN_ATTEMPTS
        self._until_reached(self.active, members, limit)
        with self._lock:
            now = monotonic()
            for member in members:
                member.look(now)
            self._choose_freely("it answered first")
            self._chooses = True
        self._go_over()

    def _until_reached(self, member: GroupMember, others: Iterable[GroupMember], limit: float) -> None:
        """Wait until a member is connected, or could not be within a limit; others hold nobody up for longer."""
        mux = member.multiplexer
        driver, coordinator = mux._driver, mux._coordinator
        driver.wait_for(lambda: coordinator.guide.has_tried(1), limit)
        self.until_tried(others, PATIENCE_FOR_OTHERS)
        if mux.is_connected:  # in a cluster, first find out who serves what
            driver.wait_for(lambda: coordinator.guide.is_settled, mux.options.connect_timeout)

    @staticmethod
    def until_tried(members: Iterable[GroupMember], seconds: float) -> None:
        """Wait, so long at most, until it is known of members whether they can be reached."""
        deadline = monotonic() + seconds
        for member in members:
            mux = member.multiplexer
            mux._driver.wait_for(partial(_was_tried, mux), max(deadline - monotonic(), 0))

    def close(self) -> None:
        """Close every member; see :meth:`ConnectionMultiplexer.close`. It may be called again."""
        self._chooses = False
        for shown_at in self._status_servers:
            shown_at.close()
        self._subscriptions.end_all()
        error: BaseException | None = None
        for member in self._members.values():
            try:
                member.multiplexer.close()
            except Exception as failure:  # the others are closed all the same
                error = failure
        if error is not None:
            raise error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    # -- members ---------------------------------------------------------------------------------------

    @property
    def members(self) -> Mapping[str, GroupMember]:
        """The members by their names."""
        return MappingProxyType(self._members)

    @property
    def is_connected(self) -> bool:
        """Whether the member that is used is connected."""
        return self.active.multiplexer.is_connected

    def add(self, member: Member) -> GroupMember:
        """Take one more deployment in, and connect it. It is used at once where it is well and has the most weight.

        That it cannot be reached is no error: it is used once it can be.

        Raises:
            ConfigurationError: It is no :class:`Member`, its configuration is not understood or differs in what must be
                the same for all members, or there is one of its name.
            MultiplexerClosedError: The group is closed.
        """
        if not isinstance(member, Member):
            raise ConfigurationError("ConnectionGroup.add: member must be a Member object")
        options = ConfigurationOptions.parse(hidden(member.configuration))
        mux = ConnectionMultiplexer(options)
        with self._lock:
            self._refuse_closed("add")
            name = member.name or self._free_name()
            if name in self._members:
                raise ConfigurationError("ConnectionGroup.add: each member needs a name of its own")
            _refuse_differences([self.active.multiplexer.options, options])
            added = GroupMember(self, name, _weight(member.weight), mux)
            self._members = {**self._members, name: added}  # another one: somebody may be going through the old one
            self._stands_by_others = True
        self._follow(added)
        mux.begin()
        self._until_reached(added, [added], options.connect_timeout + MOST_BETWEEN_ATTEMPTS)
        with self._lock:
            closed = not self._chooses or self._members.get(name) is not added
            added.look(monotonic())
            if not closed and self._wanted is None and added.is_well and added.weight > self.active.weight:
                self._choose(added, f"{name} was added and is preferred")
        if closed:  # meanwhile
            mux.close()
        self._go_over()
        return added

    def remove(self, name: str) -> None:
        """Let a deployment go, and close its multiplexer. Where it was the one that is used, another one is first.

        What waited to be sent there goes along; what was sent is waited for, as when a multiplexer is closed.

        Raises:
            DataError: There is no such member, or no other one.
            MultiplexerClosedError: The group is closed.
        """
        with self._lock:
            self._refuse_closed("remove")
            member = self._members.get(name)
            if member is None:
                raise DataError(f"remove: {name!r} is no member; members are {', '.join(self._members)}")
            left = {other: each for other, each in self._members.items() if each is not member}
            if not left:
                raise DataError("remove: the last member stays; close the group instead")
            self._members = left
            self._stands_by_others = True
            if self._wanted is member:
                self._wanted = None
            if self.active is member:
                self._choose(heaviest([each for each in left.values() if each.is_well] or left.values()), "it left")
        self._go_over()
        driver = self.active.multiplexer._driver
        # Another thread may be at it.
        driver.wait_for(lambda: self._moved_to is not member, driver.options.connect_timeout)
        member.multiplexer.close()

    def _refuse_closed(self, what: str) -> None:
        if not self._chooses:
            raise MultiplexerClosedError(f"{what}: the group is closed")

    def _free_name(self) -> str:
        return next(name for number in count(1) if (name := f"member{number}") not in self._members)

    def failover_to(self, name: str | None) -> None:
        """Use a member from now on, as long as it is well; while it is not, the others stand in for it.

        Args:
            name: The member's; None leaves the choice to weights and health again, at once.

        Raises:
            DataError: There is no such member.
        """
        if name is not None and name not in self._members:
            raise DataError(f"failover_to: {name!r} is no member; members are {', '.join(self._members)}")
        with self._lock:
            self._wanted = None if name is None else self._members[name]
            if name is None:
                self._choose_freely("the choice is free again")
        self.review()

    def look(self) -> None:
        """See what the connections of all members say by now, and which member is to be used."""
        for member in self._members.values():
            self.take_note(member, partial(member.look, monotonic()))
        self.review()

    def review(self) -> None:
        """See which member is to be used by what is known now."""
        with self._lock:
            if not self._chooses:
                return
            member, reason = choose(tuple(self._members.values()), self.active, self._wanted, monotonic())
            self._choose(member, reason)
        self._go_over()

    def probed(self, member: GroupMember, outcome: bool | None) -> None:
        """A member's probe has ended."""
        self.take_note(member, lambda: member.health.probed(monotonic(), outcome))
        self.review()

    def _changed(self, member: GroupMember) -> None:
        """A connection was made, lost or not made. Runs where the driver's own later work does."""
        for each in self._members.values():
            each.multiplexer._driver.notify()  # whoever waits for any of them waits at one driver
        self.take_note(member, lambda: member.look(monotonic()))
        self.review()

    def _beat(self, member: GroupMember, before: Any, now: float) -> None:
        before(now)
        if not self._chooses or self._members.get(member.name) is not member:
            return
        self.take_note(member, lambda: member.beat(now))
        member.probe(now)
        self.review()

    def take_note(self, member: GroupMember, note: Callable[[], None]) -> None:
        """Have a member's health take note of something; tell the application where it turned well, or fell ill."""
        with self._lock:
            was_well = member.is_well
            note()
            turned = member.is_well is not was_well
        if not turned:
            return
        reason = member.health.reason
        logger().warning("%s of the group %s", member.name, "is well" if reason is None else f"was given up: {reason}")
        self.member_health_changed.fire(MemberHealthChanged(member.name, reason))

    def _beyond(self) -> str:
        """Return what is the matter with each member where none is well; empty where one is. Takes no lock."""
        reasons = [(name, member.health.reason) for name, member in self._members.items()]
        if any(reason is None for _, reason in reasons):
            return ""
        return "no member of the group is well: " + "; ".join(f"{name}: {reason}" for name, reason in reasons)

    def _follow_active(self) -> None:
        """Have commands go where the active member sends them by now.

        A member's guide, which calls this, holds that member's own lock; this one is the last that anybody takes.
        """
        with self._following:
            member = self.active.multiplexer
            self._strategy.follow(member._coordinator.strategy)
            self._driver.follow(member._driver)

    def _choose_freely(self, reason: str) -> None:
        """Use the preferred member of those that are well, if there is one, as :meth:`_choose`."""
        well = [member for member in self._members.values() if member.is_well]
        if well:
            self._choose(heaviest(well), reason)

    def _choose(self, member: GroupMember, reason: str) -> None:
        """Use a member from now on; the lock is held. :meth:`_go_over` is to be called once it is not any longer."""
        if member is not self.active:
            self.active, self._why = member, reason
            self._follow_active()  # at once: whoever has asked for the switch sends there next

    def _go_over(self) -> None:
        """Take over to the active member what is not there yet: messages that wait, and subscriptions.

        One thread at a time does so, without the lock. Whoever finds another at it leaves it to that one, which looks
        again when it is done.
        """
        while True:
            with self._lock:
                previous, member = self._moved_to, self.active
                if self._moving or (member is previous and not self._stands_by_others):
                    return
                self._moving, self._stands_by_others, reason = True, False, self._why
            try:
                if member is not previous:
                    self._move(previous, member, reason)
                self._stand_by()
            finally:
                with self._lock:
                    self._moving, self._moved_to = False, member
                for each in (previous, member):  # calls wait there that belong here, and others for the end of this
                    each.multiplexer._driver.notify()

    def _stand_by(self) -> None:
        """Have everything subscribed with the members that are not used, where that is wished."""
        if self.options.standby == "subscribe":
            others = [each.multiplexer._coordinator for each in self._members.values()]
            self._subscriptions.stand_by([each for each in others if not self._subscriptions.hears(each)])

    def _move(self, previous: GroupMember, member: GroupMember, reason: str) -> None:
        mux, before = member.multiplexer, previous.multiplexer
        logger().warning("%s of the group is used instead of %s: %s", member.name, previous.name, reason)
        for server in before._coordinator.servers:
            for bridge in server.stripes:
                bridge.reroute(_travels)
        bridges = [bridge for server in before._coordinator.servers for bridge in server.bridges]
        heard = max((bridge.heard_at for bridge in bridges), default=0.0)
        self._subscriptions.move(mux._driver, mux._coordinator, heard or monotonic())
        self.active_changed.fire(ActiveChanged(previous.name, member.name, reason))

    # -- handles ---------------------------------------------------------------------------------------

    @overload
    def get_database(self, index: int | None = None, *, decode: Literal[False] = False) -> Database[bytes]: ...

    @overload
    def get_database(self, index: int | None = None, *, decode: Literal[True]) -> Database[str]: ...

    @overload
    def get_database(self, index: int | None = None, *, codec: Codec[Value]) -> CodedDatabase[Value]: ...

    def get_database(self, index: int | None = None, *, decode: bool = False, codec: Codec[Any] | None = None) -> Any:
        """Return the handle of a logical database of whichever member is used; see
        :meth:`ConnectionMultiplexer.get_database`.

        A lock, and what scripts or transactions have watched, is one member's: it means nothing to another.
        """
        if codec is not None:
            return CodedDatabase(self.get_database(index, decode=True), codec)
        first = self.active.multiplexer
        index = first.options.default_database if index is None else index
        handle = self._databases.get((index, decode))
        if handle is None:
            first.get_database(index)  # refuses what no member has
            options = CallOptions(database=index, decode=decode, travels=True)
            driver: Any = self._driver
            handle = self._databases[index, decode] = Database(
                driver, self._strategy, first._coordinator.guard, options
            )
        return handle

    @overload
    def get_subscriber(self, *, decode: Literal[False] = False, codec: None = None) -> Subscriber[bytes, bytes]: ...

    @overload
    def get_subscriber(self, *, decode: Literal[True], codec: None = None) -> Subscriber[str, str]: ...

    @overload
    def get_subscriber(self, *, codec: Codec[Value]) -> Subscriber[str, Value]: ...

    def get_subscriber(self, *, decode: bool = False, codec: Codec[Any] | None = None) -> Subscriber[Any, Any]:
        """Return the pub/sub handle; see :meth:`ConnectionMultiplexer.get_subscriber`. When another member is used,
        everything is subscribed there, and subscribers are told of a :class:`Gap`."""
        return self._subscriber.view(decode, codec)

    # -- diagnosis -------------------------------------------------------------------------------------

    def get_counters(self) -> dict[str, list[ServerCounters]]:
        """Return the counters of every server by the member's name."""
        return {name: member.multiplexer.get_counters() for name, member in self._members.items()}

    def health(self) -> Health:
        """Return how the group is: in one word for a probe, and in words for each member and each of its servers.

        ``"down"`` where the member that is used is, ``"degraded"`` where it or another one lacks something or was given
        up, else ``"ready"``. In it, servers have their member's name before their address.
        """
        each = {name: member.multiplexer.health() for name, member in self._members.items()}
        given_up = [f"{name}: {member.health.reason}" for name, member in self._members.items() if not member.is_well]
        lacking = [f"{name}: {words}" for name, health in each.items() for words in health.missing]
        servers = {f"{name} {server}": words for name, of in each.items() for server, words in of.servers.items()}
        state: HealthState = "degraded"
        if not each[self.active.name]:
            state = "down"
        elif not given_up and all(health.state == "ready" for health in each.values()):
            state = "ready"
        return Health(state, servers, (*given_up, *lacking))

    def get_status(self) -> dict[str, Any]:
        """Return the state of every member as plain values; no secrets."""
        return {"active": self.active.name, "members": [member.status() for member in self._members.values()]}

    def serve_status(self, where: str | os.PathLike[str] | int) -> StatusServer:
        """Show the state of every member to whoever attaches; see :meth:`ConnectionMultiplexer.serve_status`."""
        self._refuse_closed("serve_status")
        with importing:
            from ..attaching.status_server import StatusServer

        server = StatusServer(self.get_status, where)
        self._status_servers.append(server)
        return server


class _ActiveQueue:
    """What one handler of the group's events is called with: where the active member's handlers are."""

    def __init__(self, group: ConnectionGroup, handle: Any) -> None:
        self._group = group
        self._handle = handle
        self._driver: Any = None
        self._queue: Any = None

    def put(self, item: object) -> None:
        """Have the handler called with one more thing soon."""
        driver = self._group.active.multiplexer._driver
        if driver is not self._driver:
            self._driver, self._queue = driver, driver.make_queue(self._handle)
        self._queue.put(item)


class _ActiveDriver:
    """What handles ask of a driver, asked of the active member's."""

    def __init__(self, group: ConnectionGroup, driver: Any) -> None:
        self.leases = _ActiveLeases(group)
        self.follow(driver)

    def follow(self, driver: Any) -> None:
        """Ask this one from now on."""
        self._driver = driver
        self.timeout = driver.timeout

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)


class _ActiveLeases:
    """Connections of callers' own, to the active member."""

    def __init__(self, group: ConnectionGroup) -> None:
        self._group = group

    def call(self, strategy: Any, command: Any, options: CallOptions, *args: Any) -> Any:
        """Make a call over one."""
        started, left = monotonic(), options
        while True:
            leases, own = self._of(strategy)
            try:
                return leases.call(own, command, left, *args)
            except Rerouted:  # another member is used since it waits
                if leases.is_used():
                    raise
            given = options.timeout or self._group.active.multiplexer._driver.timeout
            left = with_deadline(options, started + given)

    def borrow(self, strategy: Any, *args: Any) -> Any:
        """Borrow one."""
        while True:
            leases, own = self._of(strategy)
            try:
                return leases.borrow(own, *args)
            except Rerouted:
                if leases.is_used():
                    raise

    def _of(self, strategy: Any) -> tuple[Any, Any]:
        mux = self._group.active.multiplexer
        own = strategy is self._group._strategy  # or one that was made for a server of the member's
        return mux._leases, mux._coordinator.strategy if own else strategy


def _was_tried(mux: ConnectionMultiplexer) -> bool:
    """Whether it cannot be reached, or is connected and knows what it needs to send commands anywhere."""
    guide = mux._coordinator.guide
    return guide.has_tried(1) and (not mux.is_connected or (guide.has_heard_all and guide.is_settled))


def _travels(message: Any) -> bool:
    travels: bool = message.options.travels
    return travels


def _weight(weight: Any) -> float:
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not weight > 0:
        raise DataError("weight must be a positive number")
    return float(weight)


def _refuse_differences(members: Sequence[ConfigurationOptions]) -> None:
    """Refuse members that a command would have to be checked or packed for in different ways."""
    first = members[0]
    for other in members[1:]:
        for name in _ALIKE:
            if getattr(other, name) != getattr(first, name):
                raise ConfigurationError(f"ConnectionGroup: {name} must be the same for all members")

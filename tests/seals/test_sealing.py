"""Sealing on real PostgreSQL: what is new and nothing else, provably an extension, and refused where it cannot be."""

from itertools import pairwise, product

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, RaiseException

from shared.record import sealing
from shared.record.checkpoints import keys_of_service, leaves_of, lines_after, rows_after, waits_for_seal
from shared.record.owner_changes import owner_changes
from shared.record.sealing import SealRefused, seal
from shared.seals.canonical import canonical_line
from shared.seals.checkpoint import Checkpoint
from shared.seals.merkle import leaf_hash, proves_consistency, root_of
from shared.seals.notes import Signer, verified


def lines(history):
    return [canonical_line("indicators", row) for row in rows_after(history.connection, "indicators", -(2**62))]


def test_a_checkpoint_covers_every_event_in_order(history):
    history.add(7)
    sealed = history.seal()
    assert (sealed.size, sealed.position) == (7, history.positions()[-1])
    assert sealed.root == root_of([leaf_hash(line) for line in lines(history)])
    text, _ = verified(sealed.note, [history.key.verifier.named("minhbach/51/indicators")])
    assert Checkpoint.read(text) == Checkpoint("minhbach/51/indicators", 7, sealed.root)
    kept = list(leaves_of(history.connection, "indicators", 7))
    assert [position for position, _, _ in kept] == history.positions()
    assert [leaf for _, _, leaf in kept] == [leaf_hash(line) for line in lines(history)]
    assert '"recorded_at":"2025-09-10T05:00:00.000000Z"' in lines(history)[0].decode()


STATES = [
    b"{}",
    b'{"a":"\xc4\x90\\\\u0001"}',
    b"[1]",
    b"",
    b"{",
    b'{"a":\n1}',
    b'{"a":1}x',
    b"{\xff}",
    b"\xff",
    b'{"}}":"}}"}',
]
TOPICS = ["a", 'a"\\', "a\n\t\x01\x7f", "Đ/", '{"minhbach":"event/1"']


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_lines_of_postgresql_are_those_of_python(history, limit):
    """Whatever stands in the table; where a state is no object on one line, Python writes them."""
    times = ("2025-09-10 05:00:00.1+00", "infinity", "0044-03-15 12:00:00 BC")
    insert = (
        "INSERT INTO indicators.indicators_events (notification_id, originator_id, originator_version, topic, state,"
        " recorded_at) VALUES (%s, gen_random_uuid(), %s, %s, %s, %s::timestamptz)"
    )
    rows = enumerate(product(STATES, TOPICS))
    history.alter(*((insert, n * 2 - 7, n, topic, state, times[n % 3]) for n, (state, topic) in rows))
    position, found = -(2**62), []
    while True:
        text, count, position = lines_after(history.connection, "indicators", position, limit)
        if not count:
            break
        found.append(text)
    assert b"\n".join(found) == b"\n".join(lines(history))
    assert len(lines(history)) == len(STATES) * len(TOPICS)


def test_nothing_new_is_no_new_checkpoint(history):
    assert history.seal() is None
    history.add(1)
    assert history.seal().size == 1
    assert history.seal() is None
    assert history.seal("planning") is None


def test_each_checkpoint_is_proved_to_extend_the_one_before(history):
    for how_many in (1, 2, 1, 5, 3, 4):
        history.add(how_many)
        history.seal()
    sealed = history.checkpoints()
    assert [each.size for each in sealed] == [1, 3, 4, 9, 12, 16]
    for before, after in pairwise(sealed):
        assert after.previous_size == before.size
        assert proves_consistency(before.size, before.root, after.size, after.root, after.proof)


def test_many_new_events_are_sealed_in_several_checkpoints(history, monkeypatch):
    history.add(7)
    monkeypatch.setattr(sealing, "MOST_NEW_EVENTS", 3)
    monkeypatch.setattr(sealing, "READ_AT_ONCE", 2)
    assert history.seal().size == 7
    assert [each.size for each in history.checkpoints()] == [3, 6, 7]
    assert history.checkpoints()[-1].root == root_of([leaf_hash(line) for line in lines(history)])


def test_a_service_seals_as_its_own_role_and_changes_nothing_afterwards(history):
    history.add(2)
    with psycopg.connect(**history.settings.database("indicators")) as connection:
        assert seal(connection, "indicators", history.key).size == 2
        connection.commit()
        for change in ("UPDATE indicators.checkpoints SET size = 9", "DELETE FROM indicators.seal_keys"):
            with pytest.raises(InsufficientPrivilege):
                connection.execute(change)
            connection.rollback()
    for statement in ("UPDATE indicators.checkpoints SET size = 9", "TRUNCATE indicators.seal_keys"):
        with pytest.raises(RaiseException, match="never changed"):
            history.run(statement)


def test_the_auditor_reads_checkpoints_of_every_service(history):
    history.add(1)
    history.seal()
    with psycopg.connect(**history.settings.database("auditor")) as connection:
        assert sealing.rows_after(connection, "indicators", 0)
        for service in ("planning", "indicators", "reporting", "notifications"):
            connection.execute(f"SELECT FROM {service}.checkpoints, {service}.seal_keys")


def test_a_key_is_followed_by_the_next_one_and_by_no_other(history):
    history.add(1)
    history.seal()
    first, history.key = history.key, history.key.followed_by(Signer.new("minhbach/51"))
    history.add(1)
    assert history.seal().size == 2
    assert [key for key, _ in keys_of_service(history.connection, "indicators")] == [
        str(key) for key in history.key.verifiers
    ]
    for other in (first, first.followed_by(Signer.new("minhbach/51")), type(first)(Signer.new("minhbach/51"))):
        with pytest.raises(SealRefused, match="seal_keys"):
            seal(history.connection, "indicators", other)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE indicators.checkpoints SET note = replace(note, E'\\n3\\n', E'\\n4\\n')", "not one of this key"),
        ("UPDATE indicators.checkpoints SET compact_range = sha256('x') || sha256('y')", "altered"),
        ("UPDATE indicators.checkpoints SET compact_range = ''", "not one of this key"),
        ("UPDATE indicators.indicators_events SET state = '{}' WHERE notification_id = {last}", "gone or altered"),
        ("DELETE FROM indicators.indicators_events WHERE notification_id = {last}", "gone or altered"),
    ],
)
def test_a_history_that_is_not_the_sealed_one_is_not_sealed_on(history, change, reason):
    history.add(3)
    history.alter(change.replace("{last}", str(history.seal().position)))
    history.add(1)
    with pytest.raises(SealRefused, match=reason) as refused:
        history.seal()
    assert refused.value.vietnamese.startswith("Không niêm phong sổ indicators")
    assert [each.size for each in history.checkpoints()] == [3]


def test_an_urgent_event_waits_until_it_is_sealed(history):
    def waits():
        return waits_for_seal(history.connection, "indicators", ["indicators.definition-defined"])

    assert not waits()
    history.add(1)
    assert waits()
    assert not waits_for_seal(history.connection, "indicators", ["indicators.other"])
    history.seal()
    assert not waits()


def test_times_that_no_clock_shows_are_sealed_too(history):
    history.add(3)
    first, second, third = history.positions()
    for position, time in ((first, "infinity"), (second, "0044-03-15 BC"), (third, "12025-01-01 00:00+00")):
        history.alter(
            ("UPDATE indicators.indicators_events SET recorded_at = %s WHERE notification_id = %s", time, position)
        )
    assert history.seal().size == 3
    assert len(set(lines(history))) == 3


def test_nobody_silences_the_trigger_without_a_trace(history):
    """Not even the owner of the database: first it has to be disabled or dropped, which is written down."""
    history.add(1)
    history.seal()
    assert owner_changes(history.connection) == []
    history.run("SET session_replication_role = replica")
    for table in ("indicators.indicators_events", "indicators.checkpoints", "indicators.seal_keys"):
        with pytest.raises(RaiseException, match="never changed"):
            history.run(f"DELETE FROM {table}")
        history.run(f"ALTER TABLE {table} DISABLE TRIGGER refuse_change")
    history.run("DROP TRIGGER refuse_change ON indicators.indicators_events")
    history.run("ALTER TABLE indicators.readings ADD COLUMN x int")
    history.run("SET session_replication_role = DEFAULT")
    noted = [(change.login, change.command, change.object) for change in owner_changes(history.connection)]
    assert noted == [
        ("postgres", "ALTER TABLE", "indicators.indicators_events"),
        ("postgres", "ALTER TABLE", "indicators.checkpoints"),
        ("postgres", "ALTER TABLE", "indicators.seal_keys"),
        ("postgres", "DROP TRIGGER", "refuse_change on indicators.indicators_events"),
    ]
    with psycopg.connect(**history.settings.database("indicators")) as service:
        assert len(owner_changes(service, after=1)) == 3

"""The administrator of the province's own database: each of twelve ways to rewrite history is found and named.

What left the house before are a checkpoint typed from a printed report, and the folder of a witness. Each test has a
copy of the same database, and everything that its superuser can do.
"""

from base64 import b64decode, b64encode
from datetime import UTC, datetime

import pytest

from services.reporting.audit.proof import verify
from services.reporting.audit.proof.export import export
from services.reporting.audit.proof.witness import History as Shown
from services.reporting.audit.proof.witness import Witness
from shared.record import sealing
from shared.record.checkpoints import LEAF, checkpoints_of, keys_of_service, micros_of, rows_after
from shared.seals.canonical import canonical_line
from shared.seals.checkpoint import Checkpoint
from shared.seals.key_file import SealKey
from shared.seals.merkle import CompactRange, leaf_hash
from shared.seals.notes import COSIGNATURE, Signer, VerifierKey, signed

EVENTS = "indicators.indicators_events"
LATER = datetime(2025, 9, 20, 5, tzinfo=UTC)


@pytest.fixture(scope="session")
def victim(sealed_stack, histories):
    """A database with 21 events in five checkpoints and an edition; its name, positions, and what left the house."""
    history = histories("minhbach", "victim")
    for how_many in (4, 5, 3, 6, 3):
        history.add(how_many)
        history.seal()
    history.publish("2025-Q3", {"indicators": history.positions()[11]})
    history.seal("reporting")
    left = [
        f"{each.service}:{each.size}:{each.root_text}" for each in (history.checkpoints()[2], history.checkpoints()[3])
    ]
    positions = history.positions()
    history.connection.close()
    return positions, left


@pytest.fixture
def database(victim, history_in):
    history = history_in("victim")
    history.known, history.left = victim
    return history


@pytest.fixture
def witness(database, tmp_path):
    """Has signed the third and the fourth checkpoint, before anything was altered."""
    keeper = Witness(tmp_path / "witness")
    for size in (12, 18):
        shown = [each for each in database.checkpoints() if each.size <= size]
        assert (
            keeper.observe(Shown("indicators", keys_of_service(database.connection, "indicators"), shown)).size == size
        )
    return keeper


def observed(keeper, history):
    keys = keys_of_service(history.connection, "indicators")
    return keeper.observe(Shown("indicators", keys, checkpoints_of(history.connection, "indicators")))


def found(history, folder, *given, key=False):
    """Kind, service and position of each finding of the verifier, with what left the house."""
    export(history.settings, folder, None, lambda *_: None)
    kept = [each for given in (given or history.left) for each in verify.kept_elsewhere(given)]
    result = verify.verify(folder, kept, [verify.read_key(str(history.key.verifier))] if key else [])
    return [(each.kind, each.service, each.position) for each in result["findings"]]


def update(position, change):
    return f"UPDATE {EVENTS} SET {change} WHERE notification_id = {position}"


STATE = """state = convert_to(replace(convert_from(state, 'UTF8'), 'Đất', 'Đai'), 'UTF8')"""


def test_an_untouched_history_is_right(database, witness, tmp_path):
    assert found(database, tmp_path) == []
    assert observed(witness, database).kind == "extends"


def test_an_updated_event(database, tmp_path):
    position = database.known[6]
    database.alter(update(position, STATE))
    kinds = found(database, tmp_path)
    assert ("altered", "indicators", position) in kinds
    assert {kind for kind, _, _ in kinds} == {"altered", "other-history"}


@pytest.mark.parametrize(("column", "kind"), [("recorded_at", "time"), ("topic", "altered"), ("state", "altered")])
def test_an_event_of_which_a_column_is_taken_away(database, tmp_path, column, kind):
    position = database.known[9]
    database.alter(f"ALTER TABLE {EVENTS} ALTER COLUMN {column} DROP NOT NULL", update(position, f"{column} = NULL"))
    assert (kind, "indicators", position) in found(database, tmp_path)


@pytest.mark.parametrize("service", ["portal", "notifications", "planning"])
def test_an_updated_event_of_another_store(database, tmp_path, service):
    """Who may do what, and which mail was sent, are proved as readings are."""
    table = f"{service}.{service}_events"
    database.run(
        f"INSERT INTO {table} (originator_id, originator_version, topic, state, recorded_at)"
        f" SELECT gen_random_uuid(), 1, '{service}.tried', convert_to('{{\"name\":\"Đất\"}}', 'UTF8'), %s"
        " FROM generate_series(1, 3)",
        LATER,
    )
    database.seal(service)
    assert found(database, tmp_path) == []
    database.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    ((position,),) = database.run(
        f"UPDATE {table} SET {STATE} WHERE notification_id = (SELECT min(notification_id) FROM {table})"
        " RETURNING notification_id"
    ).fetchall()
    assert ("altered", service, position) in found(database, tmp_path / "again")


@pytest.mark.parametrize("sizes", [(4,), (9,), (9, 12)])
def test_deleted_checkpoints_between_others(database, witness, tmp_path, sizes):
    """No event is changed, and the history still extends what was kept; each checkpoint names the one before it."""
    outside = [f"indicators:{each.size}:{each.root_text}" for each in database.checkpoints()]
    database.alter(f"DELETE FROM indicators.checkpoints WHERE size IN ({','.join(map(str, sizes))})")
    assert found(database, tmp_path, *outside) == [("checkpoint", "indicators", database.known[sizes[-1] - 1])]
    database.alter(update(database.known[sizes[0]], STATE))
    assert "altered" in {kind for kind, *_ in found(database, tmp_path / "altered")}


def test_a_checkpoint_that_no_longer_names_the_one_before(database, tmp_path):
    """The line is cut out of the note: its signature is not looked at, and the text that the next one names is gone."""
    database.alter(
        "DELETE FROM indicators.checkpoints WHERE size = 9",
        "UPDATE indicators.checkpoints SET note = regexp_replace(note, 'previous 9 [^\\n]+\\n', '') WHERE size = 12",
    )
    assert found(database, tmp_path) == [("checkpoint", "indicators", database.known[11])]


def test_the_last_checkpoint_deleted_before_it_left_the_house_changes_no_event(database, witness, tmp_path):
    """The events after the one before wait for a seal again, and the honest sealer seals them as they are."""
    database.alter("DELETE FROM indicators.checkpoints WHERE size = 21")
    assert observed(witness, database).kind == "same"
    assert database.seal().size == 21
    assert found(database, tmp_path) == []
    assert observed(witness, database).kind == "extends"


def test_a_deleted_event(database, tmp_path):
    database.alter(f"DELETE FROM {EVENTS} WHERE notification_id = {database.known[6]}")
    assert ("missing", "indicators", database.known[6]) in found(database, tmp_path)


def test_two_reordered_events(database, tmp_path):
    """An event is moved to a position that was never used, behind its successor."""
    unused = next(p for p in range(database.known[4], database.known[12]) if p not in database.known)
    moved = max(p for p in database.known if p < unused)
    earlier = database.known[database.known.index(moved) - 1]
    database.alter(update(earlier, f"notification_id = {unused}"))
    assert ("moved", "indicators", unused) in found(database, tmp_path)


def test_an_inserted_event(database, tmp_path):
    unused = next(p for p in range(database.known[4], database.known[12]) if p not in database.known)
    database.alter(
        f"INSERT INTO {EVENTS} (notification_id, originator_id, originator_version, topic, state, recorded_at)"
        f" SELECT {unused}, gen_random_uuid(), 1, topic, state, recorded_at FROM {EVENTS}"
        f" WHERE notification_id = {database.known[4]}"
    )
    assert ("inserted", "indicators", unused) in found(database, tmp_path)


def rehash(history, key=None):
    """Make tree, proofs and notes of all checkpoints anew over the altered events; signed with a key, or not at all."""
    rows = rows_after(history.connection, "indicators", -(2**62), limit=1000)
    before, tree, at = CompactRange(), CompactRange(), 0
    for sealed in history.checkpoints():
        new, records = [], b""
        for row in rows[at : sealed.size]:
            leaf = leaf_hash(canonical_line("indicators", row))
            tree.append(leaf)
            new.append(leaf)
            records += LEAF.pack(row.position, micros_of(row.recorded_at), leaf)
        at = sealed.size
        origin = "minhbach/51/indicators"
        text = Checkpoint(origin, tree.size, tree.root()).text
        note = signed(text, key.signer.named(origin)) if key else f"{text}\n{sealed.note.partition(chr(10) * 2)[2]}"
        proof = sealing.extension_proof(before, tree.size, new)
        changed = "root = %s, note = %s, compact_range = %s, proof = %s, leaves = %s"
        row = (tree.root(), note, b"".join(tree.hashes), b"".join(proof), records, sealed.size)
        history.alter((f"UPDATE indicators.checkpoints SET {changed} WHERE size = %s", *row))
        before = tree.copy()


def test_a_rehashed_history_has_no_signature_and_is_another_one(database, witness, tmp_path):
    database.alter(update(database.known[6], STATE))
    rehash(database)
    kinds = found(database, tmp_path)
    assert ("signature", "indicators", database.known[3]) not in kinds
    assert ("signature", "indicators", database.known[8]) in kinds
    assert ("other-history", "indicators", database.known[0]) in kinds
    assert observed(witness, database).kind == "signature"


def test_a_history_without_its_end(database, witness, tmp_path):
    """The last events are deleted, and the checkpoints that had them."""
    database.alter(
        f"DELETE FROM {EVENTS} WHERE notification_id > {database.known[14]}",
        "DELETE FROM indicators.checkpoints WHERE size > 12",
    )
    assert ("shorter", "indicators", database.known[11]) in found(database, tmp_path)
    verdict = observed(witness, database)
    assert (verdict.kind, verdict.size, verdict.kept, verdict.position) == ("shorter", 12, 18, database.known[11])
    database.run(f"SELECT FROM {EVENTS}")


def test_an_end_that_is_deleted_under_its_checkpoints(database, tmp_path):
    database.alter(f"DELETE FROM {EVENTS} WHERE notification_id > {database.known[14]}")
    kinds = found(database, tmp_path)
    assert [place for kind, _, place in kinds if kind == "missing"] == database.known[15:]


def test_two_swapped_events(database, tmp_path):
    one, other = database.known[6], database.known[10]
    database.alter(
        update(one, "notification_id = -1"),
        update(other, f"notification_id = {one}"),
        update(-1, f"notification_id = {other}"),
    )
    kinds = found(database, tmp_path)
    assert {place for kind, _, place in kinds if kind == "moved"} == {one, other}


def test_a_changed_time(database, tmp_path):
    position = database.known[6]
    database.alter(update(position, "recorded_at = '2025-07-01T00:00:00Z'"))
    assert ("time", "indicators", position) in found(database, tmp_path)


@pytest.mark.parametrize("with_its_event", [False, True])
def test_a_changed_edition(database, tmp_path, with_its_event):
    """Its content alone, or also the hash in the event of its publication, which is then not the sealed one."""
    database.alter("UPDATE reporting.editions SET content = replace(content, '2025-Q3', '2025-Q2')")
    if with_its_event:
        database.alter(
            "UPDATE reporting.reporting_events SET state = convert_to(regexp_replace(convert_from(state, 'UTF8'),"
            """ '"content_sha256":"[0-9a-f]+"', '"content_sha256":"' || (SELECT encode(sha256("""
            " convert_to(content, 'UTF8')), 'hex') FROM reporting.editions) || '\"'), 'UTF8')"
            " WHERE topic = 'reporting.report-published'"
        )
    ((position,),) = database.run(
        "SELECT notification_id FROM reporting.reporting_events WHERE topic = 'reporting.report-published'"
    ).fetchall()
    kinds = found(database, tmp_path)
    assert ("altered" if with_its_event else "edition", "reporting", position) in kinds


def test_a_database_that_is_rolled_back_to_last_week_and_goes_on(database, witness, tmp_path):
    """The honest sealer signs what follows: its history is another one, with more events than before."""
    database.alter(
        f"DELETE FROM {EVENTS} WHERE notification_id > {database.known[11]}",
        "DELETE FROM indicators.checkpoints WHERE size > 12",
    )
    database.add(10, LATER)
    database.seal()
    kinds = found(database, tmp_path)
    assert kinds == [("other-history", "indicators", database.positions()[12])]
    verdict = observed(witness, database)
    assert (verdict.kind, verdict.agreed) == ("fork", database.known[11])


def test_two_histories_side_by_side(database, history_in, witness, tmp_path):
    """Both are sealed by the same key, and each is right in itself; the second is shown to the witness."""
    second = history_in("victim")
    second.known, second.left = database.known, database.left
    database.add(2, LATER)
    second.add(3, LATER)
    for each in (database, second):
        each.seal()
    assert observed(witness, database).kind == "extends"
    assert observed(witness, second).kind == "fork"
    assert found(second, tmp_path / "second", *second.left) == []
    shown = str(tmp_path / "witness")
    assert found(database, tmp_path / "first", shown) == []
    assert found(second, tmp_path / "second", shown) == [("other-history", "indicators", second.positions()[18])]


def test_a_replaced_key(database, witness, tmp_path):
    """History and signatures are made anew with the administrator's own key."""
    thief = SealKey(Signer.new("minhbach/51"))
    database.alter(update(database.known[6], STATE))
    rehash(database, thief)
    database.alter(("UPDATE indicators.seal_keys SET verifier_key = %s", str(thief.verifier)))
    last = database.known[-1]
    assert ("key", "indicators", last) in found(database, tmp_path, key=True)
    assert ("other-history", "indicators", database.known[0]) in found(database, tmp_path)
    verdict = observed(witness, database)
    assert (verdict.kind, verdict.position) == ("key", last)


def test_a_key_that_follows_the_old_one_is_no_replacement(database, witness, tmp_path):
    old, database.key = database.key, database.key.followed_by(Signer.new("minhbach/51"))
    database.add(1, LATER)
    database.seal()
    assert observed(witness, database).kind == "extends"
    kept = [each for given in (str(tmp_path / "witness"), *database.left) for each in verify.kept_elsewhere(given)]
    export(database.settings, tmp_path / "out", None, lambda *_: None)
    trusted = [verify.read_key(str(old.verifier))]
    assert verify.verify(tmp_path / "out", kept, trusted)["findings"] == []


def test_the_signature_of_a_witness_is_verified(database, witness, tmp_path):
    """With the key that the witness prints; a changed signature, and a witness that never signed, are found."""
    export(database.settings, tmp_path / "out", None, lambda *_: None)
    notes = tmp_path / "witness/indicators.note"

    def verified(key):
        result = verify.verify(tmp_path / "out", verify.kept_elsewhere(str(notes)), [], [verify.read_key(str(key))])
        others = [each for each in result["findings"] if each.service == "indicators"]
        return [sentence for sentence in result["right"] if "làm chứng" in sentence], others

    (sentence,), findings = verified(witness.verifier)
    assert "witness đã làm chứng 18 sự kiện lúc" in sentence
    assert findings == []
    right, (never,) = verified(Signer.new("witness").verifier)
    assert (right, never.kind) == ([], "witness")
    assert "không niêm phong nào có chữ ký" in never.sentence

    head, line = notes.read_text(encoding="utf-8").rstrip("\n").rsplit(" ", 1)
    changed = b64decode(line)[:-1] + bytes([b64decode(line)[-1] ^ 1])
    notes.write_text(f"{head} {b64encode(changed).decode()}\n", encoding="utf-8")
    right, (wrong,) = verified(witness.verifier)
    assert (right, wrong.kind, wrong.position) == ([], "witness", database.known[17])


def test_the_form_of_a_cosigners_key_is_read_too(witness):
    cosigner = VerifierKey("witness", witness.verifier.public, COSIGNATURE)
    kinds = (verify.ED25519, verify.COSIGNATURE)
    assert verify.read_key(str(cosigner), kinds) == verify.read_key(str(witness.verifier), kinds)
    with pytest.raises(verify.Unreadable):
        verify.read_key(str(cosigner))


def test_a_witness_keeps_its_checkpoint_where_it_refuses(database, witness, tmp_path):
    before = witness.last("indicators")
    database.alter("DELETE FROM indicators.checkpoints WHERE size > 12")
    assert observed(witness, database).refused
    assert witness.last("indicators") == before
    assert Witness(tmp_path / "witness").last("indicators") == before

"""Accounts of communes on a running NATS: issued, limited and revoked without a restart, each for its commune only."""

import asyncio
import contextlib
import json
import threading
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from nats.errors import Error as NatsError
from typer.testing import CliRunner

from deploy.cli import app
from deploy.credentials import command, keeper
from deploy.nats_accounts import KEEPER, RELOADER
from services.portal.application import Portal
from services.portal.application.broker_keys import new_key
from services.portal.publishers import announce
from shared.contracts.planning import CommuneRegistered
from shared.messaging.announcing.announced import announcement_key
from shared.messaging.connection import connect
from shared.messaging.following import places
from shared.messaging.following.follower import ReceivedEvent
from shared.messaging.following.missed import MissedAnnouncements, missed_subject
from shared.process import open_pool
from shared.settings import NatsServers

ONE, OTHER, THIRD = COMMUNES = ("21025", "21028", "21211")
PATIENCE = 60.0


@pytest.fixture(scope="module")
def looking():
    """No relay calls the keeper here: it looks by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeper, "LOOKED_EVERY", 0.1)
        yield


@pytest.fixture(scope="module")
def run(stack, looking):
    """A command of the operator in the environment that `minhbach up` writes; the portal answers, the keeper runs."""
    env = {
        "COLUMNS": "200",
        "NATS_URL": stack.servers.nats_url,
        "DATABASE_URL": stack.settings().database_url,
        **stack.servers.commune_settings(),
    }
    settings = stack.settings("portal")
    with open_pool(settings, "portal", size=3) as pool:
        with pool.connection() as connection:
            places.set_province(connection, [ReceivedEvent(n, registered(each)) for n, each in enumerate(COMMUNES)])
        portal = Portal(settings, pool)
        with kept(stack, MissedAnnouncements(portal, announce, announcement_key(pool))):
            yield lambda *words: CliRunner().invoke(app, ["commune", "credentials", *map(str, words)], env=env)
        portal.close()


def registered(commune):
    named = {"kind": "xã", "name": "Xã", "province_name": "Quảng Ngãi", "latitude": None, "longitude": None}
    envelope = {"event_id": f"{commune}/1", "recorded_at": datetime(2025, 7, 1, tzinfo=UTC)}
    return CommuneRegistered(commune=commune, code="", province="51", in_force_from=None, **named, **envelope)


@contextlib.contextmanager
def kept(stack, missed):
    """The keeper, and an instance of the portal that answers nothing but what was announced."""
    broker = stack.servers.broker
    portal, own, reloader = (
        NatsServers.from_env({"NATS_URL": broker.url_of(user)}) for user in ("portal", KEEPER, RELOADER)
    )

    async def serve(ended):
        client = await connect(portal, "portal")

        async def answer(message):
            await missed.answer(client, message)

        await client.subscribe(missed_subject("portal"), cb=answer)
        following = asyncio.create_task(keeper.follow(broker.communes, own, reloader))
        await asyncio.to_thread(ended.wait)
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
        await client.close()

    ended = threading.Event()
    serving = threading.Thread(target=lambda: asyncio.run(serve(ended)))
    serving.start()
    try:
        yield
    finally:
        ended.set()
        serving.join()


@pytest.fixture
def keys(run, tmp_path):
    """Issues credentials, and gives the file of each commune; revoked at the end."""
    issued = []

    def issue(*communes):
        done = run("issue", *communes, "--by", "Vận hành", "--out", tmp_path / "keys")
        assert done.exit_code == 0, done.output
        issued.extend(communes)
        return [tmp_path / f"keys/commune-{commune}.nk" for commune in communes]

    yield issue
    having = {each["commune"] for each in json.loads(run("list", "--json").output)}
    for commune in having & set(issued):
        assert run("revoke", commune, "--by", "Vận hành", "--reason", "hết phép thử").exit_code == 0


@contextlib.asynccontextmanager
async def connected(stack, key, errors=None, **options):
    async def note(error):
        (errors if errors is not None else []).append(str(error).lower())

    url = f"nats://{stack.servers.nats_url.rpartition('@')[2]}"
    servers = NatsServers.from_env({"NATS_URL": url, "NATS_NKEY": str(key)})
    client = await connect(servers, error_cb=note, allow_reconnect=False, connect_timeout=PATIENCE, **options)
    try:
        yield client
    finally:
        await client.close()


async def until(is_true):
    async with asyncio.timeout(PATIENCE):
        while not is_true():  # noqa: ASYNC110  the connection's own task makes it true
            await asyncio.sleep(0.01)


def test_a_commune_that_is_given_a_key_sends_at_once_and_is_cut_off_when_it_is_revoked(stack, run, keys):
    [key, other] = keys(ONE, OTHER)
    assert (key.stat().st_mode & 0o777, key.read_bytes()[:2]) == (0o600, b"SU")
    kept = [*stack.servers.broker.communes_folder.iterdir()]
    assert not [path for path in kept if key.read_bytes() in path.read_bytes()]

    async def scenario():
        async with connected(stack, key) as one, connected(stack, other) as two:
            receipts = await one.subscribe(f"receipt.{ONE}.>")
            stored = await one.jetstream().publish(f"intake.{ONE}.readings.{uuid4().hex}", b"{}")
            service = await connect(
                NatsServers.from_env({"NATS_URL": stack.servers.nats_url_of("indicators")}), "indicators"
            )
            await service.publish(f"receipt.{ONE}.s1", b"received")
            assert (stored.stream, (await receipts.next_msg(PATIENCE)).data) == ("intake", b"received")
            done = await asyncio.to_thread(run, "revoke", ONE, "--by", "Vận hành", "--reason", "máy bị mất")
            assert done.output == "Đã thu hồi khóa của 1 đơn vị; kết nối đang mở bằng khóa đã bị ngắt.\n"
            await until(lambda: one.is_closed)
            await two.flush(PATIENCE)  # nobody else was cut off
            await service.flush(PATIENCE)
            await service.close()

    asyncio.run(scenario())
    with pytest.raises(NatsError, match=r"(?i)authorization"):
        asyncio.run(_connects(stack, key))


async def _connects(stack, key):
    async with connected(stack, key) as client:
        await client.flush()


def test_a_key_is_replaced_and_the_old_one_ends(stack, run, keys, tmp_path):
    [old] = keys(ONE)
    again = run("issue", ONE, "--by", "Vận hành", "--out", tmp_path / "new")
    assert (again.exit_code, "đã có khóa" in again.output) == (1, True)
    assert run("issue", ONE, "--by", "Vận hành", "--out", tmp_path / "new", "--replace").exit_code == 0
    asyncio.run(_connects(stack, tmp_path / f"new/commune-{ONE}.nk"))
    with pytest.raises(NatsError, match=r"(?i)authorization"):
        asyncio.run(_connects(stack, old))


def test_a_file_that_is_there_is_kept_and_nothing_is_issued(run, keys, tmp_path):
    (tmp_path / f"commune-{OTHER}.nk").write_text("của người khác")
    done = run("issue", ONE, OTHER, "--by", "Vận hành", "--out", tmp_path)
    assert (done.exit_code, "Chưa có khóa nào được cấp" in done.output) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == [f"commune-{OTHER}.nk"]
    assert (tmp_path / f"commune-{OTHER}.nk").read_text() == "của người khác"
    assert not {ONE, OTHER} & {each["commune"] for each in json.loads(run("list", "--json").output)}


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("issue", "99999", "--by", "B"), 1, "Chưa có đơn vị nào đăng ký mang mã 99999."),
        (("issue", "--by", "B"), 2, "Hãy nêu mã đơn vị hoặc --province."),
        (("issue", "--province", "99", "--by", "B"), 1, "Tỉnh 99 chưa có đơn vị nào đăng ký."),
        (("revoke", THIRD, "--by", "B", "--reason", "r"), 1, f"Đơn vị {THIRD} không có khóa nào đang có hiệu lực."),
    ],
)
def test_wrong_input_ends_with_one_sentence(run, words, code, sentence):
    ended = run(*words)
    assert (ended.exit_code, ended.output.strip()) == (code, sentence)


def test_the_list_says_who_issued_a_key_and_whether_the_broker_has_it(run, stack, keys):
    [key] = keys(THIRD)
    shown = run("list", "--json").output
    [of_third] = [each for each in json.loads(shown) if each["commune"] == THIRD]
    assert (of_third["by"], of_third["by_account"], of_third["at_broker"]) == ("Vận hành", None, True)
    assert key.read_text() not in shown
    [row] = [line for line in run("list", "--province", "51").output.splitlines() if line.split()[:1] == [THIRD]]
    assert row.rstrip().endswith("đang dùng được")


def test_a_key_of_an_earlier_version_is_taken_over_once_and_works_all_the_time(run, stack, keys, tmp_path):
    """It is in the history of the folder, and the portal knows nothing of it."""
    folder = stack.servers.broker.communes_folder
    made = new_key()
    entry = {"act": "issued", "commune": OTHER, "kind": "nkey", "login": made.public_key, "by": "Năm ngoái"}
    with stack.servers.broker.communes.alone(), (folder / "history.jsonl").open("a") as history:
        history.write(json.dumps({**entry, "at": "2024-11-05T02:00:00+00:00"}) + "\n")
    keys(THIRD)  # with it the server reads the whole folder
    for refused in (
        run("revoke", OTHER, "--by", "Vận hành", "--reason", "hết phép thử"),
        run("issue", OTHER, "--replace", "--by", "Vận hành", "--out", tmp_path / "again"),
    ):
        assert (refused.exit_code, "take-over" in refused.output) == (1, True)
    assert "chưa ghi ở cổng" in run("list", "--province", "51").output
    assert run("take-over").output == "Đã ghi 1 khóa vào sổ của cổng.\n"
    assert run("take-over").output == "Không còn khóa nào chưa ghi ở cổng.\n"
    [found] = [each for each in json.loads(run("list", "--json").output) if each["commune"] == OTHER]
    assert (found["public_key"], found["by"], found["issued_at"]) == (
        made.public_key, "Năm ngoái", "2024-11-05T02:00:00+00:00",
    )  # fmt: skip
    assert run("revoke", OTHER, "--by", "Vận hành", "--reason", "hết phép thử").exit_code == 0
    (tmp_path / "seed").write_bytes(made.seed)
    with pytest.raises(NatsError, match=r"(?i)authorization"):
        asyncio.run(_connects(stack, tmp_path / "seed"))


def refused(stack, key, subject_of, expected):
    """The errors of the server for whatever `subject_of` does with a connection."""
    errors = []

    async def scenario():
        async with connected(stack, key, errors) as client:
            await subject_of(client)
            await client.flush(PATIENCE)
            await until(lambda: len(errors) >= expected)

    asyncio.run(scenario())
    return errors


FORBIDDEN = {
    "spoofing": [f"intake.{OTHER}.readings.forged", f"receipts.indicators.{OTHER}"],
    "receipts": [f"receipt.{ONE}.forged", f"receipt.{OTHER}.forged", f"desk-receipt.{ONE}.forged"],
    "desk": [f"desk.{ONE}.approve.forged", "desk.province-51.register.forged", f"desk-receipts.reporting.{ONE}"],
    "announcements": ["planning.event.commune-registered.v1", "portal.event.grant-given.v1", "seal.now"],
    "questions": [f"planning.query.list-tasks.v1.commune.{OTHER}", "planning.query.list-tasks.v1.portal"],
    "streams": [
        *(f"$JS.API.STREAM.{act}.intake" for act in ("INFO", "CREATE", "UPDATE", "DELETE", "PURGE", "MSG.GET")),
        "$JS.API.STREAM.CREATE.own", "$JS.API.STREAM.NAMES", "$JS.API.CONSUMER.CREATE.intake",
        "$JS.API.DIRECT.GET.intake", "$JS.ACK.intake.indicators-intake.1.1.1.1.0",
    ],
    "the server": ["$SYS.REQ.SERVER.PING", "$SYS.REQ.ACCOUNT.PING.CONNZ"],
}  # fmt: skip
LISTENED = [
    ">", "*.>", "intake.>", f"intake.{ONE}.>", "receipt.>", "receipt.*.*", f"receipt.{OTHER}.>", "desk.>",
    "desk-receipt.>", "planning.event.>", "planning.query.>", "*.query.>", "$SYS.>", "$JS.>",
]  # fmt: skip


def test_an_issued_account_publishes_and_listens_for_its_commune_only(stack, keys):
    [key] = keys(ONE)
    subjects = [subject for group in FORBIDDEN.values() for subject in group]

    async def attempt(client):
        for subject in subjects:
            await client.publish(subject, b"{}", reply="_INBOX.x")
        for subject in LISTENED:
            await client.subscribe(subject)

    expected = len(subjects) + len(LISTENED)
    errors = refused(stack, key, attempt, expected)
    assert len([error for error in errors if "permissions violation" in error]) == expected


def test_no_reply_subject_places_a_message_and_no_id_is_squatted(stack, keys):
    """The acknowledgement of a stream goes to the reply subject: behind the import it stays in the account."""
    [key, other] = keys(ONE, OTHER)
    squatted = uuid4().hex
    placed = [f"intake.{OTHER}.readings.{squatted}", f"desk.{ONE}.approve.{squatted}", f"receipt.{OTHER}.{squatted}",
              f"planning.query.list-tasks.v1.commune.{OTHER}", "planning.event.commune-registered.v1"]  # fmt: skip

    async def scenario():
        async with connected(stack, key) as one, connected(stack, other) as two:
            receipts = await two.subscribe(f"receipt.{OTHER}.>")
            inboxes = await two.subscribe("_INBOX.>")
            await two.flush()
            for number, reply in enumerate(placed):
                await one.publish(f"intake.{ONE}.readings.{squatted}-{number}", b"{}", reply=reply)
            await one.publish(f"intake.{ONE}.readings.{squatted}-i", b"{}", reply="_INBOX.x")
            last = await one.jetstream().publish(f"intake.{ONE}.readings.{squatted}-last", b"{}", timeout=PATIENCE)
            # The id is free for whoever it belongs to.
            own = await two.jetstream().publish(f"intake.{OTHER}.readings.{squatted}", b"{}", timeout=PATIENCE)
            operator = await connect(NatsServers.from_env({"NATS_URL": stack.servers.nats_url}))
            subjects = (
                await operator.jetstream().stream_info("intake", subjects_filter=f"intake.{OTHER}.>")
            ).state.subjects
            desk = (await operator.jetstream().stream_info("desk", subjects_filter="desk.*.*.*")).state.subjects
            await operator.close()
            return last.seq < own.seq, subjects, desk, receipts.pending_msgs, inboxes.pending_msgs

    in_order, subjects, desk, receipts, inboxes = asyncio.run(scenario())
    assert in_order
    assert [each for each in subjects if squatted in each] == [f"intake.{OTHER}.readings.{squatted}"]
    assert not [each for each in desk or () if squatted in each]
    assert (receipts, inboxes) == (0, 1)  # the acknowledgement of its own


def test_an_account_has_its_limits_and_others_do_not_notice(stack, keys):
    """Nine connections, a body of three megabytes, two hundred subscriptions: the server refuses each."""
    [key, other] = keys(ONE, OTHER)

    async def scenario():
        async with connected(stack, other) as calm, contextlib.AsyncExitStack() as opened:
            for _ in range(8):
                client = await opened.enter_async_context(connected(stack, key))
            with pytest.raises(NatsError, match="maximum account active connections exceeded"):
                await opened.enter_async_context(connected(stack, key))
            for number in range(200):
                await client.subscribe(f"_INBOX.{number}")
            await until(lambda: client.is_closed)
            large = await opened.enter_async_context(connected(stack, key))
            await large.publish(f"intake.{ONE}.readings.large", b"x" * 3 * 1024 * 1024)
            await until(lambda: large.is_closed)
            stored = await calm.jetstream().publish(f"intake.{OTHER}.readings.{uuid4().hex}", b"{}", timeout=PATIENCE)
            return stored.stream

    assert asyncio.run(scenario()) == "intake"


def test_a_change_that_the_broker_does_not_follow_is_recorded_and_named(run, keys, stack, monkeypatch):
    keys(ONE)
    monkeypatch.setattr(command, "FOLLOWED_WITHIN", 0.0)
    env = {"DATABASE_URL": stack.settings().database_url, "NATS_URL": "nats://127.0.0.1:1"}
    words = ["commune", "credentials", "revoke", ONE, "--by", "B", "--reason", "r"]
    ended = CliRunner().invoke(app, words, env=env)
    assert (ended.exit_code, "Đã ghi, nhưng máy chủ NATS chưa có thay đổi này" in ended.output) == (1, True)
    assert ONE not in {each["commune"] for each in json.loads(run("list", "--json").output)}

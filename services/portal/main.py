"""The portal, ready to run: minhbach run portal."""

from services.portal.api.application import BesidePages, application
from services.portal.application import Portal
from services.portal.connection import Connection
from services.portal.presence import Presence
from services.portal.publishers import announce
from services.portal.questions import QUESTIONS
from services.portal.rights import Rights
from services.portal.sign_in.application import SignIn
from services.portal.sign_in.portal_key import PortalKey
from services.portal.sign_in.provider import Provider, ProviderSettings
from services.portal.subscribers import subscribe
from services.portal.web.operator_paths import Door
from services.portal.web.pages import pages
from services.portal.web.public import public_account
from shared.contracts.portal import ShowPortalHealth
from shared.messaging.intake.desk_signature import Signing
from shared.process import Process, open_pool
from shared.settings import Settings
from shared.web.address import Address


def build(settings: Settings) -> Process:
    address = Address.of(settings)
    key = PortalKey.of(settings.env.get("MINHBACH_PORTAL_KEY"))
    identities = ProviderSettings.of(settings.env)
    provider = Provider(identities, address) if identities else None
    pool = open_pool(settings, "portal")
    portal = Portal(settings, pool)
    process = Process(settings, portal, announce, pool)
    subscribe(process)
    rights = Rights(portal)
    process.answers(QUESTIONS, ShowPortalHealth, rights)
    connection = Connection(process.bus, Signing(pool), rights)
    process.works(connection.run)
    presence = Presence(process.bus, portal.clock, pool)
    process.works(presence.run)
    public = public_account(settings)
    site = pages(
        SignIn(portal, pool, address, key), address, connection.services, provider, public=public, seen=presence.seen,
        ask_held=connection.held_keys,
    )  # fmt: skip
    beside = BesidePages(lambda: application(portal, rights, connection), site, address)
    process.opens(Door(process.app, beside), address.trusted_proxies)
    return process

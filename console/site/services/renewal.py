"""A member's side of renewal: asks its site to sign for it anew, long before its certificate is
over."""

from __future__ import annotations

import datetime

import msgspec

from console.site.address import SiteAddress, SiteError
from console.site.security import identity, pki
from console.site.services import enrolment
from console.site.services.asked import ask, raise_failed
from console.site.services.enrolment import Renew, Renewed


def renew_if_due(address: SiteAddress) -> bool:
    """With a new key. True when a new certificate lies in the identity's folder; a home's own
    position at its own site is renewed by the site itself. Blocks. Raises SiteError, OSError."""
    me = address.identity
    old = me.certificate()
    if identity.load_place(me.folder) is None or not pki.is_due(
        old, datetime.datetime.now(datetime.UTC)
    ):
        return False
    key = pki.new_key()
    request = pki.request_pem(key)
    said = ask(address, enrolment.SERVICE, "renew", msgspec.json.encode(Renew(request)))
    raise_failed(said)
    try:
        fresh = pki.load_certificate(msgspec.json.decode(said, type=Renewed).certificate)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SiteError(f"the site's answer makes no sense: {error}") from error
    ca = (me.folder / identity.CA).read_text(encoding="ascii")
    if (
        not pki.is_issued_by(fresh, pki.load_certificate(ca))
        or not pki.is_for(fresh, request)
        or pki.member_named(fresh) != pki.member_named(old)
    ):
        raise SiteError("the site signed something else than was asked for")
    pem = msgspec.json.decode(said, type=Renewed).certificate
    identity.save(me.folder, key=pki.key_pem(key), certificate=pem, ca=ca, place=None)
    return True

"""What a signature in a SAML answer may ask of whoever checks it.

xmlsec does what a signature says before it knows who wrote it: it reads the files that are
referred to, and runs style sheets. SAML wants one reference, to what is signed, and at most two
transforms of it (OASIS, "Core" of SAML V2.0, 5.4.2 and 5.4.4).
"""

from __future__ import annotations

from lxml.etree import ElementBase
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

MOST_TRANSFORMS = 2
ALGORITHMS = frozenset(
    {
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/2001/04/xmlenc#sha256",
        "http://www.w3.org/2001/04/xmldsig-more#sha384",
        "http://www.w3.org/2001/04/xmlenc#sha512",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
        "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
        "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
        "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
    }
)
"""Of transforms, digests and signatures."""


def are_plain(answer: ElementBase) -> bool:
    """Whether all signatures in an answer refer to what they stand in, by ways we know."""
    return all(map(is_plain, OneLogin_Saml2_XML.query(answer, "//ds:Signature")))


def is_plain(signature: ElementBase) -> bool:
    """The same of one signature, which is not the answer itself."""
    signed = signature.getparent().get("ID", "")
    return (
        OneLogin_Saml2_XML.query(signature, ".//ds:Reference/@URI") == [f"#{signed}"]
        and len(OneLogin_Saml2_XML.query(signature, ".//ds:Reference")) == 1
        and len(OneLogin_Saml2_XML.query(signature, ".//ds:Transform")) <= MOST_TRANSFORMS
        and ALGORITHMS.issuperset(OneLogin_Saml2_XML.query(signature, ".//@Algorithm"))
    )

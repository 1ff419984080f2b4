"""Askers: a key of each kind for the first company, as its ``staff.toml`` would hold them."""

from __future__ import annotations

from deployment import Asker

SMOC = (
    Asker("rewards-job", "job", purposes=("account", "credit", "entitlement", "bonus", "books")),
    Asker("ranking-job", "job", purposes=("learn", "fit", "suit", "better")),
    Asker("improve-job", "job", purposes=("improve", "insight")),
    Asker("visit-job", "job", purposes=("serve", "safety", "upkeep")),
    Asker("mail-job", "job", purposes=("news",)),
    Asker("site-job", "job", purposes=("enquiries", "study", "newsletter", "sales", "hiring")),
    Asker("siri-support", "staff", roles=("support",)),
    Asker("sol-security", "staff", roles=("security",)),
    Asker("ulf-upkeep", "staff", roles=("upkeeper",)),
    Asker("bo-books", "staff", roles=("bookkeeper",)),
    Asker("rita-recruiter", "staff", roles=("recruiter",)),
    Asker("selma-seller", "staff", roles=("seller",)),
    Asker("stine-steward", "staff", roles=("steward",)),
    Asker("lysverk-key", "operator", member="lysverk"),
    Asker("kraft2-key", "operator", member="kraft2"),
    Asker("kaffe-operator-key", "operator", member="bryggen-kaffe"),
    Asker("kaffe-key", "client", member="bryggen-kaffe"),
    Asker("lysverk-client-key", "client", member="lysverk"),
    Asker("tindesaft-key", "brand", member="tindesaft"),
)

"""What does the operator sell? Acme's catalogue: offers, prices, rules, margins. The same in every market."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer; prices in cents. `data_gb` None: unlimited or without data."""

    id: str
    name: str
    kind: str
    monthly: int | None = None
    one_time: int | None = None
    per_gb: int | None = None
    margin: int = 0
    mobile_lines: int = 0
    technology: str = ""
    tv: bool = False
    data_gb: float | None = None
    validity_days: int | None = None
    prepaid: bool = False
    on_sale: bool = True


OFFERS: tuple[Offer, ...] = (
    Offer("MOB-S", "Móvil S 3 GB", "mobile", 1200, per_gb=300, margin=500, mobile_lines=1, data_gb=3),
    Offer("MOB-M", "Móvil M 10 GB", "mobile", 1800, per_gb=300, margin=800, mobile_lines=1, data_gb=10),
    Offer("MOB-L", "Móvil L 40 GB", "mobile", 2500, per_gb=300, margin=1150, mobile_lines=1, data_gb=40),
    Offer("MOB-U", "Móvil sin límite", "mobile", 3500, margin=1500, mobile_lines=1),
    Offer("PRE-B", "Prepago básico", "mobile", per_gb=400, margin=350, mobile_lines=1, prepaid=True),
    Offer("FAM-3", "Familia 3 líneas 60 GB", "bundle", 4200, per_gb=300, margin=1700, mobile_lines=3, data_gb=60),
    Offer("FAM-4", "Familia 4 líneas 100 GB", "bundle", 5400, per_gb=300, margin=2150, mobile_lines=4, data_gb=100),
    Offer("ADSL-20", "ADSL 20 Mb", "broadband", 3200, margin=1100, technology="adsl"),
    Offer("FIB-300", "Fibra 300 Mb", "broadband", 3500, margin=1500, technology="fibre"),
    Offer("FIB-1000", "Fibra 1 Gb", "broadband", 4500, margin=2100, technology="fibre"),
    Offer("TV-BASIC", "TV básica", "tv", 1000, margin=350, tv=True),
    Offer("TV-CINE", "TV cine", "tv", 1800, margin=600, tv=True),
    Offer("HOGAR-2", "Hogar: fibra, 2 líneas, TV", "bundle", 6900, per_gb=300, margin=2800, mobile_lines=2,
          technology="fibre", tv=True, data_gb=60),
    Offer("HOGAR-4", "Hogar: fibra, 4 líneas, TV", "bundle", 9900, per_gb=300, margin=4100, mobile_lines=4,
          technology="fibre", tv=True, data_gb=160),
    Offer("FIXED", "Fijo con llamadas", "fixed_voice", 800, margin=450),
    Offer("ROAM-2GB-7", "Roaming 2 GB 7 días", "roaming", one_time=1000, margin=600, data_gb=2, validity_days=7),
    Offer("ROAM-2GB-14", "Roaming 2 GB 14 días", "roaming", one_time=1400, margin=850, data_gb=2, validity_days=14),
    Offer("ROAM-2GB-30", "Roaming 2 GB 30 días", "roaming", one_time=2000, margin=1200, data_gb=2, validity_days=30),
    Offer("ROAM-PPU", "Roaming por uso", "roaming", per_gb=2000, margin=900, on_sale=False),
    Offer("DEV-PHONE-A", "Teléfono Aria 12", "device", 500, margin=300),
    Offer("DEV-PHONE-B", "Teléfono Boreal 12", "device", 900, margin=500),
    Offer("INS-DEVICE", "Seguro de dispositivo", "add_on", 600, margin=400),
)  # fmt: skip
BY_ID: dict[str, Offer] = {offer.id: offer for offer in OFFERS}

_PLANS = ("MOB-S", "MOB-M", "MOB-L", "MOB-U")
_FIXED = ("ADSL-20", "FIB-300", "FIB-1000")
_BUNDLES = ("FAM-3", "FAM-4", "HOGAR-2", "HOGAR-4")

# (offer, rule, other offer): an offer requires one of what it `requires`, replaces what it `migrates` from.
RULES: tuple[tuple[str, str, str], ...] = (
    *((one, "excludes", other) for one in _PLANS for other in _PLANS if one != other),
    *((one, "excludes", other) for one in _FIXED for other in _FIXED if one != other),
    *((one, "excludes", other) for one in _BUNDLES for other in _BUNDLES if one != other),
    *((one, "migrates", other) for one in _PLANS for other in _PLANS if one != other),
    *((plan, "migrates", "PRE-B") for plan in _PLANS),
    *((fibre, "migrates", other) for fibre in ("FIB-300", "FIB-1000") for other in _FIXED if other != fibre),
    *((family, "migrates", plan) for family in ("FAM-3", "FAM-4") for plan in _PLANS),
    ("FAM-4", "migrates", "FAM-3"),
    *((home, "migrates", part) for home in ("HOGAR-2", "HOGAR-4")
      for part in (*_PLANS, "PRE-B", "FAM-3", "FAM-4", *_FIXED, "TV-BASIC", "FIXED")),
    ("HOGAR-4", "migrates", "HOGAR-2"),
    *((television, "requires", fibre) for television in ("TV-BASIC", "TV-CINE") for fibre in ("FIB-300", "FIB-1000")),
    *(("INS-DEVICE", "requires", phone) for phone in ("DEV-PHONE-A", "DEV-PHONE-B")),
    *((roaming, "compatible", plan) for roaming in ("ROAM-2GB-7", "ROAM-2GB-14", "ROAM-2GB-30") for plan in _PLANS),
)  # fmt: skip


def monthly_cents(offer_id: str) -> int:
    """The monthly price of an offer, 0 where it has none."""
    return BY_ID[offer_id].monthly or 0

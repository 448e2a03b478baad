"""A feature catalogue as Acme's project has it, and Acme's own files: what the strategy's tests stand on."""

from pathlib import Path

import pytest

import hogar
from hogar.telco.catalogue import Catalogue, Entity, Feature, FeatureType, Whose

_NUMBERS: dict[Entity, dict[Whose, str]] = {
    "household": {
        "aggregate": "adults members",
        "person": "open_complaints",
        "payer": "mobile_lines spend_eur spend_band_eur payers tenure_months unused_lines overflow_lines "
        "overage_eur prepaid_lines",
    },
    "person": {
        "payer": "lines tenure_months",
        "person": "age device_views_14d plan_views_14d complaints_90d trip_days_usual roaming_mb_day logins_90d",
    },
    "line": {
        "payer": "tenure_months commitment_days_left data_gb_month data_gb_allowed data_used_share "
        "overage_eur_month topup_eur_month outage_minutes_7d",
        "person": "device_age_months silent_days",
    },
}
_OTHERS: tuple[tuple[Entity, str, FeatureType, Whose], ...] = (
    ("household", "has_broadband", "boolean", "payer"),
    ("household", "technology", "text", "payer"),
    ("household", "has_tv", "boolean", "payer"),
    ("household", "fibre_available", "boolean", "nobody"),
    ("household", "has_adviser", "boolean", "person"),
    ("household", "ask_for_members", "boolean", "aggregate"),
    ("person", "is_payer", "boolean", "payer"),
    ("person", "traffic_consent", "boolean", "person"),
    ("line", "kind", "text", "payer"),
    ("line", "prepaid", "boolean", "payer"),
    ("line", "plan", "text", "payer"),
)

CATALOGUE = Catalogue.of(
    [
        Feature(entity=entity, name=name, type="number", whose=whose)
        for entity, by_label in _NUMBERS.items()
        for whose, names in by_label.items()
        for name in names.split()
    ]
    + [Feature(entity=entity, name=name, type=type, whose=whose) for entity, name, type, whose in _OTHERS]
    + [Feature(entity="line", namespace="score", name="churn", type="number", whose="payer")]
)
OFFERS: dict[str, str] = {
    **dict.fromkeys(("MOB-S", "MOB-M", "MOB-L", "MOB-U", "PRE-B"), "mobile"),
    **dict.fromkeys(("FAM-3", "FAM-4", "HOGAR-2", "HOGAR-4"), "bundle"),
    **dict.fromkeys(("ADSL-20", "FIB-300", "FIB-1000"), "broadband"),
    **dict.fromkeys(("TV-BASIC", "TV-CINE"), "tv"),
    **dict.fromkeys(("ROAM-2GB-7", "ROAM-2GB-14", "ROAM-2GB-30", "ROAM-PPU"), "roaming"),
    **dict.fromkeys(("DEV-PHONE-A", "DEV-PHONE-B"), "device"),
    "INS-DEVICE": "add_on",
    "FIXED": "fixed_voice",
}


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The features that Acme's actions ask."""
    return CATALOGUE


@pytest.fixture(scope="session")
def offers() -> dict[str, str]:
    """Acme's offers by id, with their kinds."""
    return OFFERS


@pytest.fixture(scope="session")
def acme() -> dict[str, str]:
    """The texts of Acme's strategy files and cases by path; `acme | {path: text}` changes a copy."""
    root = Path(hogar.__file__).parent / "templates" / "acme"
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("strategy", "tests")
        for path in sorted((root / folder).rglob("*.yml"))
    }

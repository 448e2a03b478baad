"""Which tables does an operator's picture consist of? The canonical tables, column by column.

`sources/*.sql` fill them, one SELECT a table; every other room reads them by the names written here.
Money is integer cents, days are dates, moments are timestamps in UTC. Ids are text and carry their silo
(`crm:10042`), because durable facts hang on what a source knows; persons and households are views over them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ColumnType = Literal["text", "integer", "double", "boolean", "date", "timestamp"]

# Which consent a table's rows need before they may be used for marketing (docs/privacy.md): both ends of a tie. `row`:
# each row says it itself, in its column `consent`.
Gate = Literal["none", "traffic", "location", "row"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its type, and the rules that a row must meet or go to quarantine."""

    name: str
    type: ColumnType
    help: str
    required: bool = False
    one_of: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    not_after_now: bool = False
    personal: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """One canonical table: columns, key, owner, the consent that gates it, how long rows are kept."""

    name: str
    help: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    owner: str
    gate: Gate = "none"
    gate_lines: tuple[str, ...] = ()
    retention_days: int | None = None
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})


def _text(
    name: str, help: str, *, required: bool = False, one_of: tuple[str, ...] = (), personal: bool = False
) -> Column:
    return Column(name=name, type="text", help=help, required=required, one_of=one_of, personal=personal)


def _integer(
    name: str,
    help: str,
    *,
    required: bool = False,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Column:
    return Column(name=name, type="integer", help=help, required=required, at_least=at_least, at_most=at_most)


def _double(
    name: str,
    help: str,
    *,
    required: bool = False,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Column:
    return Column(name=name, type="double", help=help, required=required, at_least=at_least, at_most=at_most)


def _boolean(name: str, help: str, *, required: bool = False) -> Column:
    return Column(name=name, type="boolean", help=help, required=required)


def _date(name: str, help: str, *, required: bool = False, past: bool = False) -> Column:
    return Column(name=name, type="date", help=help, required=required, not_after_now=past)


def _moment(name: str, help: str, *, required: bool = False, past: bool = True) -> Column:
    return Column(name=name, type="timestamp", help=help, required=required, not_after_now=past)


LINE_KINDS = ("mobile_postpaid", "mobile_prepaid", "broadband", "fixed_voice", "tv")
OFFER_KINDS = ("mobile", "broadband", "fixed_voice", "tv", "bundle", "add_on", "roaming", "device", "service")
CONSENT_PURPOSES = ("marketing", "profiling", "traffic", "location")
DECLARATION_KINDS = ("role", "adviser", "lives_with", "lives_apart", "uses_line")

TABLES: tuple[Table, ...] = (
    Table(
        name="person",
        owner="CRM",
        key=("party_id",),
        help="a human being (or a business) as one silo knows it",
        columns=(
            _text("party_id", "id in the silo, with the silo in front: crm:10042", required=True),
            _text("kind", "person or business", one_of=("person", "business")),
            _text("national_id", "personal id number", personal=True),
            _text("registration_number", "of a business"),
            _text("first_name", "given names", personal=True),
            _text("last_name", "family name; the first of two", personal=True),
            _text("second_last_name", "the second family name, where the country has two", personal=True),
            Column(name="birth_date", type="date", help="date of birth", not_after_now=True, personal=True),
            _text("sex", "m, f or x", one_of=("m", "f", "x")),
            _text("language", "ISO 639-1 code of the wished language"),
            _text("email_hash", "keyed hash of the e-mail address", personal=True),
            _date("customer_since", "first day as a customer", past=True),
        ),
    ),
    Table(
        name="address",
        owner="CRM",
        key=("party_id", "kind"),
        help="where a party says it lives or wants deliveries",
        columns=(
            _text("party_id", "whose address", required=True),
            _text("kind", "home, shipping or billing", required=True, one_of=("home", "shipping", "billing")),
            _text("street", "name of the street", personal=True),
            _text("number", "house number", personal=True),
            _text("unit", "floor and door; often missing", personal=True),
            _text("postcode", "postal code"),
            _text("city", "city"),
            _date("valid_from", "since when", past=True),
        ),
    ),
    Table(
        name="account",
        owner="billing",
        key=("account_id",),
        help="a billing account: who pays",
        columns=(
            _text("account_id", "id in the silo", required=True),
            _text("payer_party_id", "the party that pays", required=True),
            _text("payment_token", "keyed hash of the bank account or card", personal=True),
            _date("opened_on", "first day", past=True),
        ),
    ),
    Table(
        name="line",
        owner="CRM",
        key=("line_id",),
        help="a service that somebody uses: SIM, broadband, fixed voice, TV",
        columns=(
            _text("line_id", "id in the silo", required=True),
            _text("kind", "what it is", required=True, one_of=LINE_KINDS),
            _text(
                "holder_party_id", "the party that holds the contract, or to whom a prepaid SIM is registered"
            ),
            _text("account_id", "billing account; none for prepaid"),
            _date("started_on", "first day", required=True, past=True),
            _date("ended_on", "last day; empty while it lives"),
            _text(
                "end_reason",
                "port_out, cancelled, silent, ...",
            ),
            _date("commitment_until", "end of the commitment"),
        ),
    ),
    Table(
        name="offer",
        owner="product",
        key=("offer_id",),
        help="what is sold: plan, bundle, add-on, device",
        columns=(
            _text("offer_id", "id in the catalogue", required=True),
            _text("name", "what customers call it", required=True),
            _text("kind", "what it is", required=True, one_of=OFFER_KINDS),
            _boolean("on_sale", "may be sold today", required=True),
            _integer("mobile_lines", "how many mobile lines it holds", at_least=0),
            _text("technology", "of its broadband: adsl or fibre", one_of=("adsl", "fibre")),
            _boolean("tv", "holds TV"),
            _double(
                "data_gb",
                "allowance of data a month (of the whole offer); empty: unlimited or none",
                at_least=0,
            ),
            _integer("validity_days", "of an add-on or roaming bundle", at_least=1),
            _boolean("prepaid", "for prepaid lines"),
        ),
    ),
    Table(
        name="offer_price",
        owner="product",
        key=("offer_id", "kind"),
        help="what an offer costs",
        columns=(
            _text("offer_id", "of which offer", required=True),
            _text(
                "kind",
                "monthly, one_time, or per_gb beyond the allowance",
                required=True,
                one_of=("monthly", "one_time", "per_gb"),
            ),
            _integer("amount_cents", "price in cents", required=True, at_least=0),
        ),
    ),
    Table(
        name="offer_rule",
        owner="product",
        key=("offer_id", "rule", "other_offer_id"),
        help="what goes with what",
        columns=(
            _text("offer_id", "of which offer", required=True),
            _text(
                "rule", "the rule", required=True, one_of=("requires", "excludes", "migrates", "compatible")
            ),
            _text("other_offer_id", "the other offer", required=True),
        ),
    ),
    Table(
        name="line_offer",
        owner="CRM",
        key=("line_id", "offer_id"),
        help="which offers a line holds",
        columns=(
            _text("line_id", "which line", required=True),
            _text("offer_id", "which offer", required=True),
            _date("since", "first day", past=True),
            _date("until", "last day; empty while it lasts"),
        ),
    ),
    Table(
        name="order",
        owner="order management",
        key=("order_id",),
        help="an offer that somebody asked for",
        columns=(
            _text("order_id", "id in the silo", required=True),
            _text("party_id", "who ordered", required=True),
            _text("line_id", "for which line, where there is one"),
            _text("offer_id", "which offer", required=True),
            _text("state", "how far it is", required=True, one_of=("open", "done", "cancelled")),
            _moment("ordered_at", "when", required=True),
        ),
    ),
    Table(
        name="serviceability",
        owner="network planning",
        key=("postcode", "technology"),
        help="what can be delivered where",
        columns=(
            _text("postcode", "postal code", required=True),
            _text("technology", "adsl or fibre", required=True, one_of=("adsl", "fibre")),
            _boolean("available", "can be delivered", required=True),
        ),
    ),
    Table(
        name="bill",
        owner="billing",
        key=("bill_id",),
        help="one line's part of a monthly bill: shared contract facts of the payer",
        columns=(
            _text("bill_id", "id in the silo", required=True),
            _text("account_id", "which account", required=True),
            _text("line_id", "which line", required=True),
            _date("month", "first day of the month billed", required=True, past=True),
            _integer("fee_cents", "recurring fee", required=True),
            _integer("overage_cents", "beyond the allowance", required=True, at_least=0),
            _double("data_gb_used", "as printed on the bill", at_least=0),
            _double("data_gb_allowed", "as printed on the bill; empty: unlimited", at_least=0),
        ),
    ),
    Table(
        name="top_up",
        owner="top-up system",
        key=("top_up_id",),
        help="a payment into a prepaid balance",
        columns=(
            _text("top_up_id", "id in the silo", required=True),
            _text("line_id", "whose balance", required=True),
            _moment("at", "when", required=True),
            _integer("amount_cents", "how much", required=True, at_least=1),
            _text("payer_party_id", "who paid, where known"),
            _text("payment_token", "keyed hash of the card", personal=True),
        ),
    ),
    Table(
        name="usage_day",
        owner="usage",
        key=("line_id", "day"),
        gate="traffic",
        gate_lines=("line_id",),
        retention_days=180,
        help="a line's use on one day: traffic data, only with consent",
        columns=(
            _text("line_id", "which line", required=True),
            _date("day", "which day", required=True, past=True),
            _double("data_mb", "data at home", required=True, at_least=0),
            _double("voice_min", "minutes called", required=True, at_least=0),
            _double("roaming_mb", "data abroad", at_least=0),
            _text("country", "visited country when abroad, ISO 3166-1 alpha-2"),
        ),
    ),
    Table(
        name="tie_month",
        owner="usage",
        key=("line_id", "other_line_id", "month"),
        gate="traffic",
        gate_lines=("line_id", "other_line_id"),
        retention_days=180,
        help="who talks with whom in a month: traffic data, only with consent at both ends",
        columns=(
            _text("line_id", "the smaller id of the two", required=True),
            _text("other_line_id", "the other line", required=True),
            _date("month", "first day of the month", required=True, past=True),
            _integer("calls", "calls in both directions", required=True, at_least=0),
            _double("minutes", "minutes in both directions", required=True, at_least=0),
            _double("evening_share", "share of calls in evenings and at weekends", at_least=0, at_most=1),
            _integer("texts", "text messages in both directions", at_least=0),
            _integer(
                "calls_from_line", "of the calls, those that the line with the smaller id began", at_least=0
            ),
        ),
    ),
    Table(
        name="place_month",
        owner="network",
        key=("line_id", "month", "hour_class", "place_id"),
        gate="location",
        gate_lines=("line_id",),
        retention_days=180,
        help="where a line was in a month, by coarse place and class of hours: location data, only with consent",
        columns=(
            _text("line_id", "which line", required=True),
            _date("month", "first day of the month", required=True, past=True),
            _text(
                "hour_class",
                "night, work, evening or weekend",
                required=True,
                one_of=("night", "work", "evening", "weekend"),
            ),
            _text("place_id", "cell or coarser", required=True),
            _integer("days", "on how many days", required=True, at_least=0),
            _integer("events", "how often it was heard there", at_least=0),
        ),
    ),
    Table(
        name="place_night",
        owner="network",
        key=("line_id", "day"),
        gate="location",
        gate_lines=("line_id",),
        retention_days=60,
        help="where a line spent a night: location data, only with consent",
        columns=(
            _text("line_id", "which line", required=True),
            _date("day", "the day on which the night began", required=True, past=True),
            _text("place_id", "cell or coarser", required=True),
        ),
    ),
    Table(
        name="network_quality",
        owner="network",
        key=("place_id", "month"),
        help="how well the network worked at a place in a month: of nobody in particular",
        columns=(
            _text("place_id", "cell or coarser, as in place_month", required=True),
            _date("month", "first day of the month", required=True, past=True),
            _double("dropped_share", "of calls, those that broke off", at_least=0, at_most=1),
            _double("mbps", "usual speed of data, megabits a second", at_least=0),
        ),
    ),
    Table(
        name="device_use",
        owner="device registry",
        key=("line_id", "device_id"),
        help="which device a line was used in",
        columns=(
            _text("line_id", "which line", required=True),
            _text("device_id", "keyed hash of the IMEI", required=True, personal=True),
            _text("model", "make and model"),
            _date("first_seen", "first day in this line", required=True, past=True),
            _date("last_seen", "last day in this line", past=True),
            _date("released_on", "first day on the market", past=True),
        ),
    ),
    Table(
        name="selfcare_login",
        owner="web and app",
        key=("party_id", "line_id"),
        help="which lines a self-care account manages",
        columns=(
            _text("party_id", "whose account", required=True),
            _text("line_id", "a line managed there", required=True),
            _integer("logins_90d", "how often in 90 days", at_least=0),
        ),
    ),
    Table(
        name="ticket",
        owner="care",
        key=("ticket_id",),
        help="a complaint, fault or question",
        columns=(
            _text("ticket_id", "id in the silo", required=True),
            _text("party_id", "who opened it", required=True),
            _text("line_id", "about which line"),
            _text("kind", "what it is", required=True, one_of=("complaint", "fault", "question")),
            _text("topic", "what it is about"),
            _moment("opened_at", "when", required=True),
            _moment("closed_at", "when; empty while open"),
        ),
    ),
    Table(
        name="web_event",
        owner="web and app",
        key=("web_event_id",),
        help="a visit to one of our own pages, consented first party",
        columns=(
            _text("web_event_id", "id in the silo", required=True),
            _text("party_id", "whose log-in", required=True),
            _moment("at", "when", required=True),
            _text("topic", "devices, plans, roaming, fibre, tv, help, ...", required=True),
        ),
    ),
    Table(
        name="event",
        owner="event bus",
        key=("source", "event_id"),
        help="what happened to a line or a party, as the event bus told or would have: live counters look back on it",
        columns=(
            _text(
                "source",
                "which system says so; with `event_id` it names an event, as on the bus",
                required=True,
            ),
            _text("event_id", "id in that system", required=True),
            _text("type", "what happened, as triggers and counters name it", required=True),
            _moment("at", "when it happened", required=True),
            _text("line_id", "to which line"),
            _text("party_id", "or to which party, where it is about no line"),
            _text("data", "what is said of it: one JSON object"),
            _text("consent", "what it needs: traffic, location, or nothing", one_of=("traffic", "location")),
        ),
        gate="row",
        gate_lines=("line_id",),
    ),
    Table(
        name="margin",
        owner="finance",
        key=("offer_id",),
        help="what an offer earns",
        columns=(
            _text("offer_id", "which offer", required=True),
            _integer("monthly_cents", "margin a month", required=True),
        ),
    ),
    Table(
        name="consent",
        owner="privacy",
        key=("party_id", "purpose", "channel", "at"),
        help="what a person allowed or objected to",
        columns=(
            _text("party_id", "who", required=True),
            _text(
                "purpose",
                "for what; `profiling` refused is the objection of GDPR 21",
                required=True,
                one_of=CONSENT_PURPOSES,
            ),
            _text("channel", "for which channel; `any` for all", required=True),
            _boolean("granted", "allowed or refused", required=True),
            _moment("at", "when", required=True),
        ),
    ),
    Table(
        name="contact",
        owner="campaign system",
        key=("contact_id",),
        help="a message that another system sent",
        columns=(
            _text("contact_id", "id in the silo", required=True),
            _text("party_id", "to whom", required=True),
            _text("channel", "by which channel", required=True),
            _text(
                "message_class",
                "service, legal or marketing",
                required=True,
                one_of=("service", "legal", "marketing"),
            ),
            _moment("at", "when", required=True),
            _text("campaign", "which campaign"),
            _text("outcome", "accepted, declined, or empty", one_of=("accepted", "declined")),
        ),
    ),
    Table(
        name="declaration",
        owner="CRM",
        key=("declaration_id",),
        help="what a person told us, or an agent noted: roles, advisers, who lives with whom",
        columns=(
            _text("declaration_id", "id in the silo", required=True),
            _text("party_id", "who said it", required=True),
            _text("kind", "what was said", required=True, one_of=DECLARATION_KINDS),
            _text("role", "for kind `role`: which of the six"),
            _text("other_party_id", "for `adviser`, `lives_with`, `lives_apart`: the other person"),
            _text("line_id", "for `uses_line`: which line"),
            _moment("at", "when", required=True),
        ),
    ),
)

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}

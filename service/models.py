"""Imports every table, for migrations and tests, which need the complete metadata."""

from service.accounts import models as accounts
from service.accounts.api_keys import ApiAnswer, ApiKey
from service.accounts.change_log import Change
from service.accounts.desk import DeskPlatform
from service.alerts import Alert
from service.arrivals import ProcessedText
from service.audit.models import Audit
from service.brands import Platform, PlatformWorkspace
from service.calls import models as calls
from service.calls.legs import models as legs
from service.carrier_calls import CarrierCall
from service.carrier_cursors import Cursor
from service.carrier_errors import CarrierErrorCount
from service.cutover import models as cutover
from service.cutover.snapback_checklist import SnapbackCheck
from service.db import Base
from service.desk import models as desk
from service.desk.comments import DeskComment, DeskMention
from service.desk.correspondence import DeskQuestion, TransferMessage
from service.desk.log import DeskEntry
from service.events import models as events
from service.history import models as history
from service.inbox import models as inbox
from service.inbox import shared as inbox_shared
from service.inbox.automatic import AutomaticAnswer
from service.ledger import models as ledger
from service.ledger.restorations import Restoration
from service.limits import Tries
from service.lines import models as lines
from service.node_clocks import NodeClock
from service.notifications import models as notifications
from service.optins import OptIn
from service.optouts import OptOut
from service.port_outs import models as port_outs
from service.porting import models as porting
from service.porting.cases import PortCase
from service.porting.cautions import OperatorHint
from service.porting.kept_letters import KeptLetter
from service.porting.letters import Letter
from service.porting.number_codes import NumberCode
from service.porting.order_comments import OrderComment
from service.porting.targets import DeskTarget
from service.porting.weeks import PortWeek
from service.proven_numbers import ProvenNumber
from service.registration import models as registration
from service.spending import models as spending
from service.team_notices import models as team_notices
from service.unannounced import Unannounced

__all__ = [
    "Alert",
    "ApiAnswer",
    "ApiKey",
    "Audit",
    "AutomaticAnswer",
    "Base",
    "CarrierCall",
    "CarrierErrorCount",
    "Change",
    "Cursor",
    "DeskComment",
    "DeskEntry",
    "DeskMention",
    "DeskPlatform",
    "DeskQuestion",
    "DeskTarget",
    "KeptLetter",
    "Letter",
    "NodeClock",
    "NumberCode",
    "OperatorHint",
    "OptIn",
    "OptOut",
    "OrderComment",
    "Platform",
    "PlatformWorkspace",
    "PortCase",
    "PortWeek",
    "ProcessedText",
    "ProvenNumber",
    "Restoration",
    "SnapbackCheck",
    "TransferMessage",
    "Tries",
    "Unannounced",
    "accounts",
    "calls",
    "cutover",
    "desk",
    "events",
    "history",
    "inbox",
    "inbox_shared",
    "ledger",
    "legs",
    "lines",
    "notifications",
    "port_outs",
    "porting",
    "registration",
    "spending",
    "team_notices",
]

"""Who does what: what follows from a state's transition, who performs a ledger entry, and every job of the queue."""

from collections.abc import Mapping
from typing import Any, Final

from service.accounts.code_mail import send_code
from service.accounts.invitation_mail import send_invitation
from service.accounts.newcomers import mail_number
from service.accounts.sign_in_change_mail import mail_sign_in_change
from service.audit.daily import audit
from service.backfill.catching_up import catch_up
from service.callbacks import watch_callbacks
from service.calls.costs import count_call
from service.calls.greetings import drop_recording
from service.calls.legs.placing import place_legs
from service.calls.legs.recording import steer_recording
from service.calls.legs.settling import settle_ringing
from service.calls.legs.waking import wake_team
from service.calls.notify_team import notify_missed_call, notify_voicemail
from service.calls.outgoing import PlaceCall
from service.calls.recordings import drop_files, fetch_piece, fetch_talk, fetch_voicemail
from service.calls.transcripts import transcribe_voicemail
from service.cutover.carrier_jobs import advance_cutover, take_down, withdraw_texts
from service.cutover.followers import cut_over, keep_set_up, stay_where_they_are
from service.cutover.half_ports import look_up_all_callers, look_up_callers
from service.cutover.old_service import notify_done
from service.cutover.pool_moves import move_number
from service.cutover.readiness import check_readiness
from service.cutover.sending_results import ask_for_result
from service.cutover.sending_tests import text_own_mobile
from service.cutover.snapback import check_return
from service.cutover.trials import run_trial
from service.desk.carrier_change import move_to_carrier
from service.desk.customer_mail import mail_desk_question, mail_transfer_message
from service.desk.mention_mail import mail_desk_mention
from service.desk.morning import send_morning
from service.erasing.closing_day import erase_closed
from service.erasing.closing_mail import mail_closing
from service.erasing.people import forget_person
from service.events.delivering import deliver_event
from service.events.off_mail import mail_endpoint_off
from service.history.reading import read_history
from service.history.undoing import undo_history
from service.inbox.fetching import fetch_picture
from service.inbox.sending import SendMessage
from service.ledger.late_answers import judge_late_answer
from service.ledger.ledger import perform_at_carrier, perform_notification
from service.ledger.models import EntryKind
from service.ledger.performer import Performer
from service.lines.buying import BuyNumber
from service.lines.own_number import ProveNumber, ask_whether_proven, finish_proof, forget_proof
from service.lines.releasing import release_number, release_surplus
from service.lines.searching import find_numbers
from service.lines.showing_calls import match_numbers
from service.lines.texting import enrol_for_texts
from service.notifications.channels.email import Mailing
from service.notifications.channels.sms import Texting
from service.port_outs.departures import notify_of_departure, seek_departed
from service.port_outs.disputing import refuse_at_carrier
from service.port_outs.pins import set_port_out_pin
from service.port_outs.watching import watch_port_outs
from service.porting import followers, signing
from service.porting.amending import cancel_at_carrier, correct_at_carrier
from service.porting.asking import ask_about, ask_carrier, ask_operator, ask_portability
from service.porting.bills import read_photo, read_words
from service.porting.claim_mail import send_decision
from service.porting.completing import complete_at_carrier
from service.porting.details_request_mail import send_details_request
from service.porting.filing import FilePort
from service.porting.moments import choose_at_carrier
from service.porting.number_codes import SendNumberCode
from service.porting.order_comments import send_order_comment
from service.porting.states import Effect
from service.porting.transitions import Follower
from service.queue import Task, app_of
from service.registration.asking_owner import text_owner
from service.registration.learning import ask_about_registration
from service.registration.performers import OpenPool, RegisterBusiness, RegisterCaller, RegisterProgram, VerifyTollFree
from service.team_notices.delivery import deliver, deliver_by_mail, deliver_to_channel

FOLLOWERS: Final[Mapping[Effect, Follower]] = {
    Effect.FILE: followers.file,
    Effect.COMPLETE: followers.complete,
    Effect.REFILE: followers.refile,
    Effect.CANCEL_AT_CARRIER: followers.cancel,
    Effect.CUT_OVER: cut_over,
    Effect.KEEP_SET_UP: keep_set_up,
    Effect.LET_GO: stay_where_they_are,
    Effect.ALERT_STAFF: followers.alert_staff,
    Effect.NOTIFY_SUBMITTED: followers.notify_submitted,
    Effect.NOTIFY_SIGNATURE_WANTED: signing.notify_signature_wanted,
    Effect.NOTIFY_ACTION_NEEDED: followers.notify_action_needed,
    Effect.NOTIFY_DATE: followers.notify_date,
    Effect.NOTIFY_DATE_WITHDRAWN: followers.notify_date_withdrawn,
    Effect.NOTIFY_DONE: notify_done,
    Effect.NOTIFY_TAKEN_BACK: followers.notify_taken_back,
    Effect.NOTIFY_RETURNED: followers.notify_returned,
    Effect.NOTIFY_CANCELED: followers.notify_canceled,
    Effect.NOTIFY_CANCEL_REFUSED: followers.notify_cancel_refused,
    Effect.NOTIFY_EXPIRED: followers.notify_expired,
    Effect.NOTIFY_NOT_PORTABLE: followers.notify_not_portable,
}
"""What follows from the effects of the answer table (`porting/states.py`), in the transaction of the transition."""

PERFORMERS: Final[Mapping[EntryKind, Performer[Any]]] = {
    EntryKind.BUY_NUMBER: BuyNumber(),
    EntryKind.FILE_PORT: FilePort(),
    EntryKind.SEND_TEXT: Texting(),
    EntryKind.SEND_MESSAGE: SendMessage(),
    EntryKind.SEND_MAIL: Mailing(),
    EntryKind.PLACE_CALL: PlaceCall(),
    EntryKind.PROVE_NUMBER: ProveNumber(),
    EntryKind.SEND_NUMBER_CODE: SendNumberCode(),
    EntryKind.REGISTER_BUSINESS: RegisterBusiness(),
    EntryKind.OPEN_POOL: OpenPool(),
    EntryKind.REGISTER_PROGRAM: RegisterProgram(),
    EntryKind.VERIFY_TOLL_FREE: VerifyTollFree(),
    EntryKind.REGISTER_CALLER: RegisterCaller(),
}
"""What performs each kind of ledger entry."""

HANDLERS: Final[tuple[Task[Any], ...]] = (
    # accounts
    send_code,
    mail_sign_in_change,
    send_invitation,
    mail_number,
    # the ledger
    perform_at_carrier,
    perform_notification,
    judge_late_answer,
    # lines and their numbers
    find_numbers,
    enrol_for_texts,
    match_numbers,
    release_number,
    release_surplus,
    ask_whether_proven,
    finish_proof,
    forget_proof,
    # registering businesses
    ask_about_registration,
    text_owner,
    # inbox and calls
    fetch_picture,
    read_history,
    undo_history,
    count_call,
    place_legs,
    settle_ringing,
    steer_recording,
    wake_team,
    fetch_voicemail,
    fetch_talk,
    fetch_piece,
    transcribe_voicemail,
    drop_recording,
    drop_files,
    notify_missed_call,
    notify_voicemail,
    deliver,
    deliver_by_mail,
    deliver_to_channel,
    deliver_event,
    mail_endpoint_off,
    # accounts that close, and people who are erased
    mail_closing,
    erase_closed,
    forget_person,
    # ports
    ask_portability,
    ask_operator,
    ask_carrier,
    ask_about,
    complete_at_carrier,
    cancel_at_carrier,
    correct_at_carrier,
    read_photo,
    read_words,
    send_decision,
    send_morning,
    mail_desk_mention,
    mail_transfer_message,
    mail_desk_question,
    send_order_comment,
    choose_at_carrier,
    move_to_carrier,
    send_details_request,
    # the cutover
    advance_cutover,
    withdraw_texts,
    take_down,
    move_number,
    ask_for_result,
    text_own_mobile,
    check_return,
    look_up_all_callers,
    look_up_callers,
    check_readiness,
    run_trial,
    # numbers that leave
    seek_departed,
    watch_port_outs,
    refuse_at_carrier,
    set_port_out_pin,
    notify_of_departure,
    # the carrier's side
    watch_callbacks,
    catch_up,
    audit,
)
"""Every job a worker can run; `jobs.py` says in which lane."""

app: Final = app_of(HANDLERS)
"""What the worker runs."""

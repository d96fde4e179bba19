"""Every job of the queue: the lane it waits in, its lock, its priority there, and how long its tries may lie apart.

A job is known by the name of its function, which stays when the function moves to another module; `handlers.py` lists
the functions. A lock is a template over the job's ids: jobs with the same lock run one at a time.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import Final, NamedTuple


class Lane(StrEnum):
    """Queues by what they wait for: no slow carrier or heavy file holds up a text or the reading of callbacks."""

    CARRIER = "carrier"
    CALLS = "calls"
    LEGS = "legs"
    FILES = "files"
    NOTIFICATION = "notification"
    READING = "reading"
    TEAM = "team"
    CHANNEL = "channel"


class Priority(IntEnum):
    """Which jobs of a lane run first: no customer waits for a flood of other jobs."""

    REST = 0
    PORT_MOVES = 10
    PERSON_WAITS = 20


class Job(NamedTuple):
    """Where and how a job runs. The waits between its tries double up to `longest_wait`.

    `aliases` are the names under which versions before have queued it.
    """

    lane: Lane
    lock: str | None = None
    longest_wait: timedelta = timedelta.max
    priority: Priority = Priority.REST
    aliases: tuple[str, ...] = ()


JOBS: Final[Mapping[str, Job]] = {
    # at the carrier
    "perform_at_carrier": Job(Lane.CARRIER),
    "enrol_for_texts": Job(Lane.CARRIER, "phone_number:{number_id}"),
    "move_number": Job(Lane.CARRIER, "phone_number:{number_id}"),
    "release_number": Job(Lane.CARRIER, "phone_number:{number_id}"),
    "find_numbers": Job(Lane.CARRIER, longest_wait=timedelta(seconds=10), priority=Priority.PERSON_WAITS),
    "judge_late_answer": Job(Lane.CARRIER),
    "release_surplus": Job(Lane.CARRIER),
    # while a caller waits
    # it waits until the account may place a call, and must not delay callers whose call is taken
    "place_legs": Job(Lane.LEGS, longest_wait=timedelta(seconds=2)),
    # without a lock, which a worker that dies would keep while phones ring in vain
    "settle_ringing": Job(Lane.CALLS, longest_wait=timedelta(seconds=2)),
    "steer_recording": Job(Lane.CALLS, longest_wait=timedelta(seconds=2)),
    # without a lock: the job that asks once more when the call must be over would hold it until then
    "ask_whether_proven": Job(Lane.CARRIER, priority=Priority.PERSON_WAITS),
    "finish_proof": Job(Lane.CARRIER, priority=Priority.PERSON_WAITS),
    "forget_proof": Job(Lane.CARRIER),
    "ask_portability": Job(Lane.CARRIER, priority=Priority.PERSON_WAITS),
    "ask_operator": Job(Lane.CARRIER, priority=Priority.PERSON_WAITS),
    "ask_carrier": Job(Lane.CARRIER, "order:{order_id}", priority=Priority.PORT_MOVES),
    # not the lock of asking: a change that waits for its next try must not hold up news of the order
    "complete_at_carrier": Job(Lane.CARRIER, "change:{order_id}", priority=Priority.PORT_MOVES),
    "cancel_at_carrier": Job(Lane.CARRIER, "change:{order_id}", priority=Priority.PORT_MOVES),
    "move_to_carrier": Job(Lane.CARRIER, "move_to_carrier:{project_id}"),
    "send_order_comment": Job(Lane.CARRIER, "order_comment:{comment_id}"),
    "choose_at_carrier": Job(Lane.CARRIER, "change:{order_id}", priority=Priority.PORT_MOVES),
    "correct_at_carrier": Job(Lane.CARRIER, "change:{order_id}", priority=Priority.PORT_MOVES),
    # until it is done, calls and texts may not reach the number
    "advance_cutover": Job(
        Lane.CARRIER, "cutover:{port_number_id}", timedelta(minutes=1), priority=Priority.PORT_MOVES
    ),
    "withdraw_texts": Job(Lane.CARRIER, "cutover:{port_number_id}", priority=Priority.PORT_MOVES),
    "take_down": Job(Lane.CARRIER, "cutover:{port_number_id}", priority=Priority.PORT_MOVES),
    "ask_for_result": Job(Lane.CARRIER, "cutover:{port_number_id}", priority=Priority.PORT_MOVES),
    "text_own_mobile": Job(Lane.CARRIER, "cutover:{port_number_id}", priority=Priority.PORT_MOVES),
    "check_return": Job(Lane.CARRIER, "cutover:{port_number_id}", priority=Priority.PORT_MOVES),
    "look_up_all_callers": Job(Lane.CARRIER, "networks"),
    "look_up_callers": Job(Lane.CARRIER, "networks:{port_number_id}"),
    "check_readiness": Job(Lane.CARRIER, "readiness:{project_id}"),
    "run_trial": Job(Lane.CARRIER, "trial:{port_number_id}", priority=Priority.PERSON_WAITS, aliases=("try_out",)),
    "ask_about_registration": Job(Lane.CARRIER, "registration:{registration_id}"),
    "match_numbers": Job(Lane.CARRIER, "registration:{registration_id}"),
    "text_owner": Job(Lane.CARRIER, "registration:{registration_id}"),
    "watch_callbacks": Job(Lane.CARRIER, "callbacks:{carrier}"),
    "catch_up": Job(Lane.CARRIER, "catch_up:{carrier}"),
    "seek_departed": Job(Lane.CARRIER, "seek_departed:{carrier}"),
    "watch_port_outs": Job(Lane.CARRIER, "watch_port_outs:{carrier}"),
    "set_port_out_pin": Job(Lane.CARRIER, "port_out_pin:{number_id}", priority=Priority.PERSON_WAITS),
    "refuse_at_carrier": Job(Lane.CARRIER, "port_out:{port_out_id}"),
    "notify_of_departure": Job(Lane.CARRIER, "phone_number:{number_id}"),
    "audit": Job(Lane.CARRIER, "audit:{carrier}"),
    # to people
    "perform_notification": Job(Lane.NOTIFICATION),
    "send_code": Job(Lane.NOTIFICATION, priority=Priority.PERSON_WAITS),
    "mail_sign_in_change": Job(Lane.NOTIFICATION),
    "send_invitation": Job(Lane.NOTIFICATION),
    "mail_number": Job(Lane.NOTIFICATION),
    "mail_closing": Job(Lane.NOTIFICATION),
    "send_details_request": Job(Lane.NOTIFICATION),
    "send_decision": Job(Lane.NOTIFICATION),
    "send_morning": Job(Lane.NOTIFICATION),
    "mail_transfer_message": Job(Lane.NOTIFICATION),
    "mail_desk_question": Job(Lane.NOTIFICATION),
    "mail_desk_mention": Job(Lane.NOTIFICATION, "desk_mention:{comment_id}:{user_id}"),
    "wake_team": Job(Lane.NOTIFICATION, longest_wait=timedelta(seconds=2), priority=Priority.PERSON_WAITS),
    "notify_missed_call": Job(Lane.NOTIFICATION, aliases=("tell_of_missed",)),
    "notify_voicemail": Job(Lane.NOTIFICATION, aliases=("tell_without_words",)),
    # what came in
    "ask_about": Job(Lane.READING, priority=Priority.PORT_MOVES),
    "count_call": Job(Lane.READING),
    "fetch_voicemail": Job(Lane.READING, "voicemail:{call_id}"),
    "fetch_talk": Job(Lane.READING),
    "fetch_piece": Job(Lane.READING),
    "drop_recording": Job(Lane.READING),
    "drop_files": Job(Lane.READING),
    "undo_history": Job(Lane.READING, "history:{import_id}"),
    "forget_person": Job(Lane.READING, "person:{user_id}"),
    "erase_closed": Job(Lane.READING, "workspace:{workspace_id}"),
    # files of strangers, which are opened
    "read_words": Job(Lane.FILES, priority=Priority.PERSON_WAITS),
    # one at a time: it takes a gigabyte
    "read_photo": Job(Lane.FILES, "photos", priority=Priority.PERSON_WAITS),
    "transcribe_voicemail": Job(Lane.FILES, "speech"),
    "fetch_picture": Job(Lane.FILES),
    # one at a time: bills, pictures and voicemails do not wait for the files of many workspaces
    "read_history": Job(Lane.FILES, "history", timedelta(minutes=1)),
    # to a team, by e-mail or by services we do not know, each of which holds up its own notices alone
    "deliver": Job(Lane.TEAM),
    "deliver_by_mail": Job(Lane.TEAM, "team_mail:{member_id}"),
    "deliver_event": Job(Lane.CHANNEL, "webhook_endpoint:{endpoint_id}"),
    "mail_endpoint_off": Job(Lane.TEAM),
    "deliver_to_channel": Job(Lane.CHANNEL, "team_channel:{channel_id}"),
}

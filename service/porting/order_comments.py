"""What the carrier's staff and ours write to each other about an order, where the carrier takes comments."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from provisioning.contract.porting import Comment
from service.accounts.models import User
from service.db import Base, Key, Made
from service.errors import Conflict
from service.porting.models import CarrierOrder
from service.porting.secrecy import without_secrets
from service.queue import task
from service.services import Services
from service.time import now


class OrderComment(Base):
    """A comment on an order: the carrier's, with its `reference`, or ours, with its author and when it was sent."""

    __tablename__ = "order_comments"
    __table_args__ = (
        Index(
            "uq_order_comments_reference",
            "order_id",
            "reference",
            unique=True,
            postgresql_where=text("reference <> ''"),
        ),
    )

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ForeignKey("carrier_orders.id", ondelete="CASCADE"), index=True)
    reference: Mapped[str] = mapped_column(String(64), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Made]
    sent_at: Mapped[datetime | None]
    author: Mapped[User | None] = relationship()
    order: Mapped[CarrierOrder] = relationship()


def keep_comment(session: Session, order: CarrierOrder, comment: Comment) -> str:
    """Keep what the carrier's staff wrote about an order, once. Returns its text, without secrets of the transfer."""
    text = without_secrets(order.attempt.project, comment.text)
    row = {"order_id": order.id, "reference": comment.reference, "text": text, "made_at": now()}
    session.execute(insert(OrderComment).values(row).on_conflict_do_nothing())
    return text


def write_to_carrier(session: Session, services: Services, order: CarrierOrder, author: User, text: str) -> None:
    """Have the carrier's staff written to. Raises `Conflict` at a carrier that takes no comments."""
    if services.carriers[order.carrier].comments is None:
        raise Conflict("This carrier takes no comments. Write to its staff by email.")
    comment = OrderComment(order_id=order.id, author_id=author.id, text=text)
    session.add(comment)
    session.flush()
    send_order_comment.defer(session, comment_id=comment.id)


@task
def send_order_comment(services: Services, *, comment_id: int) -> None:
    """Write a comment of ours at the carrier, which knows it by its words if an answer was lost."""
    with services.sessions() as session:
        comment = session.get(OrderComment, comment_id, options=[joinedload(OrderComment.order)])
    if comment is None or comment.sent_at:
        return
    if (comments := services.carriers[comment.order.carrier].comments) is not None:
        comments.write(comment.order.reference, comment.text, comment.made_at)
    with services.sessions.begin() as session:
        session.get_one(OrderComment, comment_id).sent_at = now()


def comments_on(session: Session, orders: list[CarrierOrder], most: int) -> list[OrderComment]:
    """The latest comments on these orders, newest first."""
    rows = select(OrderComment).where(OrderComment.order_id.in_([order.id for order in orders]))
    return list(
        session.scalars(rows.options(joinedload(OrderComment.author)).order_by(OrderComment.id.desc()).limit(most))
    )

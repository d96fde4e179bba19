"""Days in which the carrier looks at registrations."""

from datetime import timedelta

from service.schedule.poll_registrations import poll_registrations


def passing_days(services, world, clock, work):
    """Let so many days pass: the carrier decides, and we ask each quarter of a day."""

    def let_pass(days):
        for _ in range(days * 4):
            clock.jump(timedelta(hours=6))
            world.run_due()
            poll_registrations(services)
            work()

    return let_pass

"""The questions that Notifications answers, each with the function that answers it."""

from collections.abc import Sequence

from services.notifications.application import Notifications
from shared.clock import day_of
from shared.contracts.notifications import (
    FailedNotice,
    ListedNotices,
    ListNotices,
    ListProvinceNotices,
    WaitingNotice,
)
from shared.messaging.questions.questions import Functions


def list_notices(notifications: Notifications, question: ListNotices) -> ListedNotices:
    return _notices(notifications, [question.commune], question.most)


def list_province_notices(notifications: Notifications, question: ListProvinceNotices) -> ListedNotices:
    communes = notifications.communes.in_province(question.province, day_of(notifications.clock()))
    return _notices(notifications, communes, question.most)


def _notices(notifications: Notifications, communes: Sequence[str], most: int) -> ListedNotices:
    outbox = notifications.outbox
    return ListedNotices(
        **vars(outbox.counts(communes)),
        waiting_for_registration=notifications.waiting_for_registration(communes),
        longest_waiting=tuple(map(WaitingNotice.model_validate, outbox.waiting(communes, most))),
        failed_notices=tuple(map(FailedNotice.model_validate, outbox.failed(communes, most))),
    )


QUESTIONS: Functions[Notifications] = {
    ListNotices: list_notices,
    ListProvinceNotices: list_province_notices,
}

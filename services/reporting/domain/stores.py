"""The event stores that a report rests on, by the names under which people read of them."""

STORES = {"planning": "kế hoạch", "indicators": "chỉ tiêu", "reporting": "báo cáo", "notifications": "thông báo"}


def store_name(service: str) -> str:
    return STORES.get(service, service)

"""Words the refusal of an item that cannot be read: which item, the place of the error in it, and the error."""

from pydantic import TypeAdapter, ValidationError

from shared.contracts import Id
from shared.messaging.intake.bodies import DOUBLED_KEY, Malformed

ID: TypeAdapter[str] = TypeAdapter(Id)

# By pydantic's name of the error; others have one general text.
ERRORS = {
    "missing": "thiếu giá trị",
    "int_type": "không phải là số nguyên",
    "int_parsing": "không phải là số nguyên",
    "int_from_float": "không phải là số nguyên",
    "finite_number": "không phải là số hữu hạn",
    "less_than_equal": "lớn quá mức của một số đếm (1.000.000.000.000)",
    "greater_than_equal": "nhỏ quá mức của một số đếm (-1.000.000.000.000)",
    "too_long": "có quá nhiều số đo",
    "too_short": "không có số đo nào",
    "string_type": "không phải là chữ",
    "string_too_long": "dài quá mức",
    "string_pattern_mismatch": "có ký tự không được phép",
    "dict_type": "không phải là một đối tượng gồm các số đo",
    "model_type": "không phải là một đối tượng",
    "model_attributes_type": "không phải là một đối tượng",
    "value_error": "không phải là ngày dạng 2025-09-14",
    "date_type": "không phải là ngày dạng 2025-09-14",
    "date_parsing": "không phải là ngày dạng 2025-09-14",
    "date_from_datetime_parsing": "không phải là ngày dạng 2025-09-14",
    "date_from_datetime_inexact": "không phải là ngày dạng 2025-09-14",
    "extra_forbidden": "không có trong quy định",
    "literal_error": "không phải là một trong các giá trị được phép",
    "bool_type": "không phải là true hoặc false",
    "bool_parsing": "không phải là true hoặc false",
    DOUBLED_KEY: "có một khoá đứng hai lần",
    "json_invalid": "không đọc được (ký tự hỏng hoặc lồng nhau quá sâu)",
}


def refusal_of(malformed: Malformed) -> tuple[str, str]:
    """The item's name, its own id where it has one, and the sentence a clerk reads."""
    try:
        item = ID.validate_python(malformed.item_id)
    except ValidationError:
        item = f"#{malformed.number}"
    where = f", chỗ “{malformed.place}”," if malformed.place else ""
    error = ERRORS.get(malformed.problem, "không đúng dạng quy định")
    return item, f"Mục thứ {malformed.number} của bài gửi{where} {error}."

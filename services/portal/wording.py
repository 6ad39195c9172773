"""How people read roles, scopes and ways to sign in."""

from shared.grants import Scope

ROLES = {
    "clerk": "nhập số liệu",
    "office": "cơ quan chuyên môn",
    "chair": "chủ tịch",
    "provincial-officer": "cán bộ tỉnh",
    "auditor": "kiểm tra",
    "operator": "vận hành",
}
METHODS = {"password": "mật khẩu và mã", "passkey": "khóa đăng nhập", "provider": "tài khoản liên kết"}


def scope_text(scope: Scope) -> str:
    if scope.commune is None:
        return f"tỉnh {scope.province}"
    return f"{scope.body}, đơn vị {scope.commune}" if scope.body else f"đơn vị {scope.commune}"

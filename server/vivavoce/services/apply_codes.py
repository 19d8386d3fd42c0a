"""The codes that prove an address: worked out anew whenever one is mailed or told, stored nowhere.

Neither the database nor a look at the queue of mail shows one; the instance's secret makes them.
"""

from vivavoce.core.applying import ApplyRequest, plain_code
from vivavoce.core.signing import same, short_code
from vivavoce.services.foundation import Foundation


class ApplyCodes:
    def __init__(self, foundation: Foundation) -> None:
        self._secret = foundation.secret_for("apply-code")

    def code(self, request_id: str, number: int) -> str:
        return short_code(self._secret, f"{request_id}\n{number}")

    def fits(self, request: ApplyRequest, told: str) -> bool:
        right = self.code(request.id, request.code_number)
        return same(right, plain_code(told)) and request.is_code_mailed

"""What schemathesis cannot know of this API: which refusals judge the form of a request, and which its meaning."""

import schemathesis

ABOUT_FORM = {
    "INVALID_INPUT_VALUE",
    "METHOD_NOT_ALLOWED",
    "PAYLOAD_TOO_LARGE",
    "UNSUPPORTED_MEDIA_TYPE",
}
# The one rule of form that no JSON schema can express; the document has it in words.
ONLY_IN_WORDS = "must stand only once among the items"


@schemathesis.check
def valid_form_acceptance(ctx, response, case):
    """Whatever is as the document says is refused for its meaning only: another amount, an order that was never paid."""
    mode = case.meta and case.meta.generation.mode
    if response.status_code < 400 or not (mode and mode.is_positive):
        return
    problem = response.json()
    if problem["code"] not in ABOUT_FORM:
        return
    if all(ONLY_IN_WORDS in error["message"] for error in problem.get("errors", [{"message": ""}])):
        return
    raise AssertionError(f"{problem['code']}: {problem['detail']}")

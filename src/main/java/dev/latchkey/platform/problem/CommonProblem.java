package dev.latchkey.platform.problem;

/** The errors that any endpoint may give. A feature's own errors stand in the feature's own catalogue. */
public enum CommonProblem implements ProblemCode {
    INVALID_REQUEST(400, "The request is malformed"),
    VALIDATION_FAILED(422, "Some fields are not valid"),
    NOT_AUTHENTICATED(401, "A credential is needed"),
    INVALID_TOKEN(401, "The credential is not valid"),
    EXPIRED_TOKEN(401, "The credential has expired"),
    REVOKED_TOKEN(401, "The credential was revoked"),
    DISABLED_TOKEN(401, "The credential is disabled"),
    FORBIDDEN_ADDRESS(403, "The credential may not be used from this address"),
    INVALID_CLIENT(401, "The client credentials are not valid"),
    INSUFFICIENT_SCOPE(403, "The credential lacks a scope"),
    INSUFFICIENT_ROLE(403, "The caller's role does not allow this"),
    NOT_FOUND(404, "There is no such thing here"),
    METHOD_NOT_ALLOWED(405, "The method is not supported here"),
    NOT_ACCEPTABLE(406, "None of the accepted media types can be produced"),
    CONFLICT(409, "The request conflicts with what is there"),
    PAYLOAD_TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported"),
    RATE_LIMITED(429, "Too many requests") {
        @Override
        public String type() {
            return "https://iana.org/assignments/http-problem-types#quota-exceeded";
        }
    },
    INTERNAL_ERROR(500, "Something went wrong on our side"),
    UNAVAILABLE(503, "A needed part is not available");

    private final int status;
    private final String title;

    CommonProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}

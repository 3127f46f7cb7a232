package dev.latchkey.verification;

import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.PermissionParser;
import dev.latchkey.platform.caller.PermissionQuery;
import dev.latchkey.platform.http.Cidr;
import dev.latchkey.platform.http.RequestFacts;
import dev.latchkey.platform.json.Text;
import dev.latchkey.platform.problem.Problem;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question as a back end asks it.
 *
 * @param token whatever the holder sent: what is no credential of ours is an answer, and no error
 * @param ip the holder's address; a credential that may be used from certain addresses only is refused without it
 * @param resource what the holder wants to use, as a template without ids, such as {@code GET /projects/{id}}: reports add up by it. Of one
 *     credential 200 are told apart each hour, and the rest is {@code other}
 */
record VerifyRequest(
        @NotNull String token,
        @Nullable @Size(max = 64) List<@NotNull @Text(max = 100) String> scopes,
        @Nullable @Size(min = 1) String permissions,
        @Nullable @Min(0) @Max(MOST) Long cost,
        @Nullable @Size(max = 10) List<@NotNull @Text(max = 50) String> tags,
        @Nullable @Text(max = 50) String ip,
        @Nullable @Text(max = 200) String resource) {

    static final long MOST = 1_000_000_000;

    static final int MOST_IN_BATCH = 100;

    static final String ENDPOINT = "/api/v1/verify";

    /** @throws Problem naming the field that is not valid, below the given path: empty, or such as {@code items[3].} */
    Question question(Caller caller, RequestFacts facts, String path) {
        return new Question(
                token,
                Optional.of(caller.tenantId()),
                address(path),
                needs(path),
                cost == null ? 1 : cost,
                tags == null ? List.of() : tags,
                "POST",
                resource == null ? ENDPOINT : resource,
                facts);
    }

    private String address(String path) {
        return ip == null
                ? ""
                : Cidr.normalise(ip).orElseThrow(() -> Problem.invalidField(path + "ip", "must be an IP address"));
    }

    private PermissionQuery needs(String path) {
        if (permissions == null) {
            return PermissionQuery.all(scopes == null ? List.of() : scopes);
        }
        if (scopes != null) {
            throw Problem.invalidField(path + "permissions", "must not be given together with scopes");
        }
        try {
            return PermissionParser.parse(permissions);
        } catch (PermissionParser.NotAQuery e) {
            throw new Problem(
                            VerificationProblem.INVALID_PERMISSIONS,
                            "At position " + e.position() + ": " + e.getMessage())
                    .with("position", e.position())
                    .field(path + "permissions", "at position " + e.position() + ": " + e.getMessage());
        }
    }

    @Override
    public String toString() {
        return "VerifyRequest";
    }
}

package dev.latchkey.audit;

import dev.latchkey.platform.http.Cidr;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a list of acts is narrowed to: conditions in SQL, each with its parameters. */
record AuditFilter(List<Condition> conditions) {

    private static final int YEAR_FIRST = 2000;
    private static final int YEAR_LAST = 2100;

    /** One of them. */
    record Condition(String sql, List<Object> parameters) {

        static Condition of(String sql, Object... parameters) {
            return new Condition(sql, List.of(parameters));
        }
    }

    private enum Field {
        ACTION("must be an action such as token.created, or all of a feature, such as token.*") {
            @Override
            Optional<Condition> read(String text) {
                if (text.matches("[a-z_]{1,50}\\.\\*")) {
                    var feature = text.substring(0, text.length() - 1);
                    return Optional.of(Condition.of("starts_with(action, ?)", feature));
                }
                return text.matches("[a-z_]{1,50}\\.[a-z_]{1,50}")
                        ? Optional.of(Condition.of("action = ?", text))
                        : Optional.empty();
            }
        },
        ACTOR("must be the id of a user, a session or a credential") {
            @Override
            Optional<Condition> read(String text) {
                return uuid(text).map(id -> Condition.of("(actor_id = ? or actor_user = ?)", id, id));
            }
        },
        SUBJECT_KIND("must be a word such as token") {
            @Override
            Optional<Condition> read(String text) {
                return text.matches("[a-z_]{1,50}")
                        ? Optional.of(Condition.of("subject_kind = ?", text))
                        : Optional.empty();
            }
        },
        SUBJECT_ID("must be 1 to 200 visible ASCII characters") {
            @Override
            Optional<Condition> read(String text) {
                return text.matches("[\\x21-\\x7E]{1,200}")
                        ? Optional.of(Condition.of("subject_id = ?", text))
                        : Optional.empty();
            }
        },
        FROM("must be a time such as 2026-01-31T12:00:00Z, or a date, from 2000 to 2100") {
            @Override
            Optional<Condition> read(String text) {
                return time(text).map(at -> Condition.of("at >= ?", at));
            }
        },
        TO("must be a time such as 2026-01-31T12:00:00Z, or a date, from 2000 to 2100") {
            @Override
            Optional<Condition> read(String text) {
                return time(text).map(at -> Condition.of("at < ?", at));
            }
        },
        REQUEST_ID("must be an X-Request-Id: 1 to 128 of A-Z a-z 0-9 . _ : -") {
            @Override
            Optional<Condition> read(String text) {
                return text.matches("[A-Za-z0-9._:-]{1,128}")
                        ? Optional.of(Condition.of("request_id = ?", text))
                        : Optional.empty();
            }
        },
        ADDRESS("must be an IP address") {
            @Override
            Optional<Condition> read(String text) {
                return Cidr.normalise(text).map(address -> Condition.of("address = ?", address));
            }
        };

        private final String rule;

        Field(String rule) {
            this.rule = rule;
        }

        /** Empty for a text that is none of the field's. */
        abstract Optional<Condition> read(String text);

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads the parameters of a request.
     *
     * @param others the names that are no filters, and known all the same
     * @throws Problem {@code validation_failed} with each field that is unknown, not valid, or there twice
     */
    static AuditFilter of(MultivaluedMap<String, String> parameters, Set<String> others) {
        var known = Stream.concat(Stream.of(Field.values()).map(Field::word), others.stream())
                .collect(Collectors.toSet());
        var problem = unknown(parameters, known);
        var conditions = new ArrayList<Condition>();
        for (var field : Field.values()) {
            var text = parameters.getFirst(field.word());
            if (text != null) {
                field.read(text).ifPresentOrElse(conditions::add, () -> problem.field(field.word(), field.rule));
            }
        }
        refuse(problem);
        return new AuditFilter(List.copyOf(conditions));
    }

    /** @throws Problem {@code validation_failed} with each parameter that has another name, or is there twice */
    static void refuseUnknown(MultivaluedMap<String, String> parameters, Set<String> known) {
        refuse(unknown(parameters, known));
    }

    /** As {@code and …}, or nothing. */
    String sql() {
        return conditions.stream().map(condition -> " and " + condition.sql()).collect(Collectors.joining());
    }

    List<Object> parameters() {
        return conditions.stream()
                .flatMap(condition -> condition.parameters().stream())
                .toList();
    }

    // A filter that is misspelt and ignored would show too much, and nobody would know.
    private static Problem unknown(MultivaluedMap<String, String> parameters, Set<String> known) {
        var problem = new Problem(CommonProblem.VALIDATION_FAILED, "Some parameters are not valid");
        parameters.forEach((name, values) -> {
            if (!known.contains(name)) {
                problem.field(name, "is not a parameter of this call");
            } else if (values.size() > 1) {
                problem.field(name, "must be given once");
            }
        });
        return problem;
    }

    private static void refuse(Problem problem) {
        if (!problem.errors().isEmpty()) {
            throw problem;
        }
    }

    /** Only of the canonical form: UUID.fromString takes 1-1-1-1-1 for one. */
    static Optional<UUID> uuid(String text) {
        return text.matches("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
                ? Optional.of(UUID.fromString(text))
                : Optional.empty();
    }

    private static Optional<OffsetDateTime> time(String text) {
        try {
            var time = text.length() == "2000-01-01".length()
                    ? LocalDate.parse(text).atStartOfDay().atOffset(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text);
            return Optional.of(time).filter(at -> at.getYear() >= YEAR_FIRST && at.getYear() < YEAR_LAST);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}

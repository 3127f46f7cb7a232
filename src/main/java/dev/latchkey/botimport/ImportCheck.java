package dev.latchkey.botimport;

import dev.latchkey.bot.BotRegistration.History;
import dev.latchkey.bot.BotStatus;
import dev.latchkey.bot.NewBot;
import dev.latchkey.identity.User;
import dev.latchkey.platform.bulk.LineFaults;
import dev.latchkey.platform.bulk.LineTimes;
import dev.latchkey.platform.crypto.Secret;
import dev.latchkey.platform.json.Text;
import dev.latchkey.platform.problem.CommonProblem;
import dev.latchkey.platform.problem.Problem;
import dev.latchkey.platform.problem.ViolationProblems;
import dev.latchkey.telegram.BotToken;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes bots of imported lines, and finds everything that is wrong with them. In the caller's transaction; use it once. */
final class ImportCheck {

    /** What a line comes to. */
    record Registration(int line, User owner, BotToken token, NewBot bot, History history) {}

    private static final Pattern SESSION = Pattern.compile("[!-~]{1,8192}");
    private static final String TOKEN = "bot_token";
    private static final String WITHOUT_A_REASON = "Imported as suspended";

    private final Fernet fernet;
    private final Validator validator;
    private final Instant now;
    private final LineFaults faults = new LineFaults(CommonProblem.VALIDATION_FAILED, BotImport.THING);
    private final LineTimes times = new LineTimes(faults);
    private final Set<UUID> owners = new HashSet<>();
    private final Set<BotToken> tokens = new HashSet<>();
    private int line;

    ImportCheck(Fernet fernet, Validator validator, Instant now) {
        this.fernet = fernet;
        this.validator = validator;
        this.now = now.truncatedTo(ChronoUnit.MICROS);
    }

    /** @throws Problem {@code validation_failed}, naming lines and columns */
    List<Registration> registrations(Map<Integer, ImportedBot> lines) {
        var registrations = new ArrayList<Registration>();
        lines.forEach((number, imported) -> {
            line = number;
            registration(imported).ifPresent(registrations::add);
        });
        faults.raise();
        return registrations;
    }

    /** Empty for what has a fault; not for all that has one. */
    private Optional<Registration> registration(ImportedBot imported) {
        check(imported);
        var owner = owner(imported.user());
        var token = token(imported);
        var bot = new NewBot(
                token.map(known -> known.secret().reveal()).orElse(""),
                imported.telegramApiId(),
                opened("telegram_api_hash", imported.telegramApiHash()).orElse(null),
                opened("telegram_phone", imported.telegramPhone()).orElse(null),
                imported.rateLimitRps(),
                imported.maxConcurrentRequests());
        check(bot);
        var history = history(imported);
        return owner.flatMap(user -> token.map(known -> new Registration(line, user, known, bot, history)));
    }

    private void check(Object bean) {
        var violations = validator.validate(bean);
        if (!violations.isEmpty()) {
            ViolationProblems.of(new ConstraintViolationException(violations))
                    .errors()
                    .forEach(error -> faults.add(line, column(error.field()), error.message()));
        }
    }

    private static String column(String field) {
        return field.equals("max_requests_per_second") ? "rate_limit_rps" : field;
    }

    private Optional<User> owner(@Nullable String name) {
        // Of what cannot be a name more is said by its annotations.
        if (name == null || !Text.Validator.isText(name, 1, ImportedBot.LONGEST_NAME)) {
            return Optional.empty();
        }
        var owner = User.findByLogin(name);
        if (owner.isEmpty()) {
            faults.add(line, "user", "is the name or address of nobody here");
        } else if (!owners.add(owner.get().id)) {
            faults.add(line, "user", "has two bots in this document, of which one can be kept");
        }
        return owner;
    }

    private Optional<BotToken> token(ImportedBot imported) {
        var text = opened(TOKEN, imported.botToken());
        var token = text.flatMap(BotToken::parse);
        if (text.isPresent() && token.isEmpty()) {
            faults.add(line, TOKEN, "must hold a bot token");
        }
        token.ifPresent(known -> {
            if (imported.botId() != null && imported.botId() != known.botId()) {
                faults.add(line, "bot_id", "must be the number that the token begins with");
            }
            if (!tokens.add(known)) {
                faults.add(line, TOKEN, "stands in two lines");
            }
        });
        return token;
    }

    private History history(ImportedBot imported) {
        var session = opened("session_string", imported.sessionString());
        if (session.filter(text -> !SESSION.matcher(text).matches()).isPresent()) {
            faults.add(line, "session_string", "must hold at most 8192 visible ASCII characters");
        }
        return new History(
                Optional.ofNullable(imported.botId()),
                status(imported.status()),
                Boolean.TRUE.equals(imported.isVerified()),
                Objects.requireNonNullElse(imported.suspensionReason(), WITHOUT_A_REASON),
                Optional.ofNullable(imported.botUsername()),
                session.map(Secret::new),
                Objects.requireNonNullElse(imported.totalRequests(), 0L),
                times.read(line, "last_used_at", imported.lastUsedAt()),
                times.read(line, "created_at", imported.createdAt()).orElse(now),
                now);
    }

    private static BotStatus status(@Nullable String word) {
        return word != null && word.matches(ImportedBot.STATUSES)
                ? BotStatus.valueOf(word.toUpperCase(Locale.ROOT))
                : BotStatus.PENDING;
    }

    /** Empty if there is none, or it is a fault by now, or it holds an empty text, as some services seal what they do not have. */
    private Optional<String> opened(String column, @Nullable String sealed) {
        if (sealed == null) {
            return Optional.empty();
        }
        var text = fernet.open(sealed);
        if (text.isEmpty()) {
            faults.add(line, column, "must be a Fernet token that BOT_ENCRYPTION_KEY opens");
        }
        return text.filter(known -> !known.isEmpty() || column.equals(TOKEN));
    }
}

package dev.latchkey.credential;

import dev.latchkey.credential.CredentialVerifier.Work;
import dev.latchkey.credential.DerivedTexts.Reading;
import dev.latchkey.platform.cache.Invalidations;
import dev.latchkey.platform.cache.NearCache;
import dev.latchkey.platform.cache.NearCaches;
import dev.latchkey.platform.caller.Caller;
import dev.latchkey.platform.caller.Scopes;
import dev.latchkey.platform.crypto.Digests;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Looks at the text of a credential of any kind. Non-blocking, except for {@link #find}. */
@Singleton
public class CredentialLookup {

    /** A credential, and the one who knows its kind. */
    public record Found(Credential credential, CredentialVerifier kind) {

        /** Revokes it, as {@link CredentialVerifier#revoke} does. */
        public void revoke() {
            kind.revoke(credential.tenantId(), credential.id());
        }
    }

    static final String CACHE = "credentials";

    private record Series(VerificationCode code, String kind) {}

    private final List<CredentialVerifier> kinds;
    private final List<DerivedTexts> derived;
    private final NearCache<Credential> snapshots;
    private final Invalidations invalidations;
    private final MeterRegistry metrics;
    private final Map<Series, Counter> counters = new ConcurrentHashMap<>();
    private final Clock clock;

    CredentialLookup(
            @All List<CredentialVerifier> kinds,
            @All List<DerivedTexts> derived,
            NearCaches caches,
            Invalidations invalidations,
            CredentialConfig config,
            MeterRegistry metrics,
            Clock clock) {
        this.kinds = kinds;
        this.derived = derived;
        this.snapshots = caches.create(CACHE, config.nearCacheSize(), Credential::kibibytes, this::reload);
        this.invalidations = invalidations;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Whether some kind recognises the text; no I/O. */
    public boolean recognises(String text) {
        return kindOf(text).isPresent() || derivedOf(text).isPresent();
    }

    /** What it takes to look at the text, unless that was done a moment ago; no I/O. */
    public Work work(String text) {
        var texts = derivedOf(text);
        if (texts.isPresent()) {
            return texts.get().remembers(text) ? Work.NONE : Work.SIGNATURE;
        }
        var work = kindOf(text).map(kind -> kind.work(text)).orElse(Work.NONE);
        return work == Work.NONE
                        || snapshots
                                .glance(CredentialChanged.key(Digests.sha256(text)))
                                .isPresent()
                ? Work.NONE
                : work;
    }

    /** @param address from where it is used, in numeric form */
    public Uni<Verification> verify(String text, String address) {
        return verify(text, credential -> isAllowedFrom(credential, address));
    }

    /** The credential, if this replica knows by itself that it may be used; empty tells nothing. No I/O, and not counted. */
    public Optional<Credential> glance(String text, String address) {
        // Whether it is genuine need not be asked: what is not, is not known.
        if (kindOf(text).isEmpty()) {
            return Optional.empty();
        }
        return snapshots
                .glance(CredentialChanged.key(Digests.sha256(text)))
                .map(found -> judge(found, credential -> isAllowedFrom(credential, address)))
                .flatMap(verification -> verification instanceof Verification.Valid(Credential credential)
                        ? Optional.of(credential)
                        : Optional.empty());
    }

    /** Counts a credential that was found by {@link #glance} and is used by it. */
    public void countValid(Credential credential) {
        counted(new Verification.Valid(credential), credential.kind().word());
    }

    /** For who asks about a credential without being its holder: from where it may be used is not looked at. */
    public Uni<Verification> verifyFromAnywhere(String text) {
        return verify(text, credential -> true);
    }

    /** The credential with this text, whatever its state. Not counted. */
    public Uni<Optional<Credential>> look(String text) {
        var kind = kindOf(text);
        if (kind.isEmpty() || !kind.get().isGenuine(text)) {
            return Uni.createFrom().item(Optional.empty());
        }
        return snapshot(kind.get(), text);
    }

    /**
     * The credential with this text, whatever its state, as PostgreSQL has it now. Blocking, in no transaction of the caller's.
     */
    public Optional<Found> find(String text) {
        return kindOf(text)
                .filter(kind -> kind.isGenuine(text) && kind.isIssued(text))
                .flatMap(kind -> kind.load(Digests.sha256(text)).map(credential -> new Found(credential, kind)));
    }

    private Uni<Verification> verify(String text, Predicate<Credential> isAllowedHere) {
        var texts = derivedOf(text);
        if (texts.isPresent()) {
            return verify(texts.get(), text, isAllowedHere);
        }
        var kind = kindOf(text);
        if (kind.isEmpty() || !kind.get().isGenuine(text)) {
            return Uni.createFrom().item(counted(refused(VerificationCode.MALFORMED), "none"));
        }
        return snapshot(kind.get(), text)
                .map(found ->
                        counted(judge(found, isAllowedHere), kind.get().kind().word()));
    }

    private Uni<Verification> verify(DerivedTexts texts, String text, Predicate<Credential> isAllowedHere) {
        return texts.read(text)
                .chain(reading -> switch (reading) {
                    case Reading.Genuine genuine -> parent(texts, genuine).map(found -> judge(found, isAllowedHere));
                    case Reading.Expired expired -> Uni.createFrom().item(refused(VerificationCode.EXPIRED));
                    case Reading.Forged forged -> Uni.createFrom().item(refused(VerificationCode.MALFORMED));
                })
                .map(verification -> counted(verification, texts.kind().word()));
    }

    /** The credential that the text stands for, with no more than both may do. */
    private Uni<Optional<Credential>> parent(DerivedTexts texts, Reading.Genuine genuine) {
        return snapshots
                .get(CredentialChanged.key(genuine.parent()), () -> kindOf(texts.parents())
                        .load(genuine.parent()))
                .map(found -> found.map(parent -> parent.derived(
                        texts.kind(),
                        Scopes.of(genuine.scopes().words().stream()
                                .filter(parent.scopes()::covers)
                                .toList()),
                        genuine.expiresAt())));
    }

    private Uni<Optional<Credential>> snapshot(CredentialVerifier kind, String text) {
        var digest = Digests.sha256(text);
        return snapshots.get(
                CredentialChanged.key(digest), () -> kind.isIssued(text) ? kind.load(digest) : Optional.empty());
    }

    void onChanged(@Observes CredentialChanged event) {
        invalidations.announce(CACHE, event.key(), event.tenantId());
    }

    private Map<String, Credential> reload(Map<String, Credential> known) {
        var fresh = new HashMap<String, Credential>();
        for (var kind : kinds) {
            var keys = known.entrySet().stream()
                    .filter(one -> one.getValue().kind() == kind.kind())
                    .map(Map.Entry::getKey)
                    .toList();
            var found = keys.isEmpty()
                    ? List.<Optional<Credential>>of()
                    : kind.load(keys.stream().map(CredentialChanged::digest).toList());
            for (var i = 0; i < keys.size(); i++) {
                var key = keys.get(i);
                found.get(i).ifPresent(credential -> fresh.put(key, credential));
            }
        }
        return fresh;
    }

    private Optional<CredentialVerifier> kindOf(String text) {
        for (var kind : kinds) {
            if (kind.recognises(text)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private CredentialVerifier kindOf(Caller.Kind kind) {
        return kinds.stream().filter(one -> one.kind() == kind).findFirst().orElseThrow();
    }

    private Optional<DerivedTexts> derivedOf(String text) {
        for (var texts : derived) {
            if (texts.recognises(text)) {
                return Optional.of(texts);
            }
        }
        return Optional.empty();
    }

    private Verification judge(Optional<Credential> found, Predicate<Credential> isAllowedHere) {
        return Verification.of(found, clock.instant(), isAllowedHere);
    }

    private static Verification refused(VerificationCode code) {
        return new Verification.Refused(code, Optional.empty());
    }

    private static boolean isAllowedFrom(Credential credential, String address) {
        var cidrs = credential.allowedCidrs();
        return cidrs.isEmpty() || cidrs.stream().anyMatch(cidr -> cidr.contains(address));
    }

    private Verification counted(Verification verification, String kind) {
        counters.computeIfAbsent(
                        new Series(verification.code(), kind),
                        series -> metrics.counter(
                                "latchkey_verifications", "code", series.code().name(), "kind", series.kind()))
                .increment();
        return verification;
    }
}

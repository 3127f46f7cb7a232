package dev.latchkey.client;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;

/** Settings of a {@link LatchkeyClient}; its defaults are meant for production. */
public final class LatchkeyClientBuilder {

    private static final Duration CACHE_AGE_MAX = Duration.ofMinutes(1);

    private final URI base;
    private final String token;
    private HttpClient http;
    private boolean plainHttp;
    private Duration connectTimeout = Duration.ofSeconds(2);
    Duration timeout = Duration.ofSeconds(5);
    boolean cache = true;
    Duration cacheMaxAge = Duration.ofSeconds(5);
    int cacheEntriesMax = 10_000;
    // A slow test machine is no silent service.
    Duration silenceMax = ChangeFollower.SILENCE_MAX;
    Duration pollTimeout = ChangeFollower.POLL.plusSeconds(2);
    FailurePolicy failurePolicy = FailurePolicy.CLOSED;

    LatchkeyClientBuilder(String baseUrl, String token) {
        this.base = URI.create(baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl);
        this.token = Objects.requireNonNull(token, "token").strip();
        if (base.getHost() == null
                || !"https".equals(base.getScheme()) && !"http".equals(base.getScheme())
                || base.getUserInfo() != null
                || base.getQuery() != null
                || base.getFragment() != null) {
            throw new IllegalArgumentException("The base URL must be of the form https://host");
        }
        if (this.token.isEmpty()) {
            throw new IllegalArgumentException("The client needs a token of its own");
        }
    }

    /**
     * How long to wait for a connection.
     *
     * @param limit 2 seconds if not set; not used with {@link #httpClient}
     * @return this
     */
    public LatchkeyClientBuilder connectTimeout(Duration limit) {
        connectTimeout = positive(limit, "connectTimeout");
        return this;
    }

    /**
     * How long to wait for an answer, to its last byte.
     *
     * @param limit 5 seconds if not set
     * @return this
     */
    public LatchkeyClientBuilder timeout(Duration limit) {
        timeout = positive(limit, "timeout");
        return this;
    }

    /**
     * Keeps no answers: each question goes to the service.
     *
     * @return this
     */
    public LatchkeyClientBuilder withoutCache() {
        cache = false;
        return this;
    }

    /**
     * How long an answer is kept at most.
     *
     * @param age 5 seconds if not set; at most a minute
     * @return this
     */
    public LatchkeyClientBuilder cacheMaxAge(Duration age) {
        cacheMaxAge = positive(age, "cacheMaxAge");
        if (age.compareTo(CACHE_AGE_MAX) > 0) {
            throw new IllegalArgumentException("cacheMaxAge must not be longer than a minute");
        }
        return this;
    }

    /**
     * How many answers are kept at most, at about 1 KiB each.
     *
     * @param entries 10 000 if not set
     * @return this
     */
    public LatchkeyClientBuilder cacheEntriesMax(int entries) {
        if (entries < 1) {
            throw new IllegalArgumentException("cacheEntriesMax must be positive");
        }
        cacheEntriesMax = entries;
        return this;
    }

    /**
     * What a verification comes to when the service is away.
     *
     * @param policy {@link FailurePolicy#CLOSED} if not set
     * @return this
     */
    public LatchkeyClientBuilder failurePolicy(FailurePolicy policy) {
        failurePolicy = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Lets tokens go over plain http to another machine, where the network itself is trusted.
     *
     * @return this
     */
    public LatchkeyClientBuilder allowPlainHttp() {
        plainHttp = true;
        return this;
    }

    /**
     * The HTTP client to use, for a proxy or certificates of your own. It must not follow redirects.
     *
     * @param client whose connections are used
     * @return this
     */
    public LatchkeyClientBuilder httpClient(HttpClient client) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("The HTTP client must not follow redirects: tokens would go along");
        }
        http = client;
        return this;
    }

    /**
     * Makes the client, and begins to follow changes if it has a cache.
     *
     * @return to be closed at the end
     * @throws IllegalStateException if tokens would go over plain http to another machine
     */
    public LatchkeyClient build() {
        if ("http".equals(base.getScheme()) && !plainHttp && !isThisMachine(base.getHost())) {
            throw new IllegalStateException(
                    "Tokens would go over plain http: use https, or allowPlainHttp() where the network is trusted");
        }
        var client = http != null
                ? http
                : HttpClient.newBuilder()
                        .connectTimeout(connectTimeout)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
        return new LatchkeyClient(new Service(client, base.toString(), token), this);
    }

    private static boolean isThisMachine(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static Duration positive(Duration duration, String name) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be positive");
        }
        return duration;
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "LatchkeyClientBuilder[" + base + "]";
    }
}

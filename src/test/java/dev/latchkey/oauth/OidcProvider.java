package dev.latchkey.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.local.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A certified OpenID provider (oidc-provider, on Node.js) in a process of its own, which ends with this one. Refresh tokens rotate, and one that is
 * used twice ends its grant.
 */
public final class OidcProvider {

    /** A client's secret that needs each encoding there is. */
    public static final String SECRET = "a secret: +&%=? of 32 characters";

    private static final Path SOURCE = Path.of("src/test/node/oidc-provider");
    private static final Path FOLDER = Path.of("target/oidc-provider");
    private static final String LOCK = "package-lock.json";
    private static final String INSTALLED = "installed-lock.json";
    private static final int PATIENCE_MINUTES = 5;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<Map<String, String>, OidcProvider> RUNNING = new ConcurrentHashMap<>();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String issuer;

    private OidcProvider(String issuer) {
        this.issuer = issuer;
    }

    /** One whose access tokens live that long. Skips the test where there is no Node.js. */
    public static OidcProvider withLife(int seconds) {
        return with(Map.of("ACCESS_TTL", Integer.toString(seconds)));
    }

    /**
     * One with these settings, which {@code provider.mjs} explains; the same for all who ask for the same. Skips the test where there is no
     * Node.js.
     */
    public static OidcProvider with(Map<String, String> settings) {
        assumeTrue(isThere("npm"), "npm is needed for this test");
        return RUNNING.computeIfAbsent(Map.copyOf(settings), OidcProvider::start);
    }

    private static OidcProvider start(Map<String, String> settings) {
        try {
            install();
            var builder = new ProcessBuilder("node", "provider.mjs")
                    .directory(FOLDER.toFile())
                    .redirectError(Files.createTempFile("latchkey-oidc-provider-", ".err")
                            .toFile());
            // Not one that a server of another test had: what was found out of that is still remembered.
            builder.environment().put("PORT", Integer.toString(FreePort.choose()));
            builder.environment().putAll(settings);
            var process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            var line = new BufferedReader(process.inputReader(UTF_8)).readLine();
            return new OidcProvider(JSON.readTree(line).path("issuer").asText());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    // The lock file names versions and their digests; from where they come is the machine's business.
    private static void install() throws IOException {
        Files.createDirectories(FOLDER);
        for (var file : List.of("package.json", LOCK, ".npmrc", "provider.mjs")) {
            Files.copy(SOURCE.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        var installed = FOLDER.resolve(INSTALLED);
        if (Files.exists(installed) && Files.mismatch(installed, SOURCE.resolve(LOCK)) < 0) {
            return;
        }
        var output = Files.createTempFile("latchkey-npm-", ".out");
        var process = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
            assertEquals(0, process.waitFor(), Files.readString(output));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        Files.copy(SOURCE.resolve(LOCK), installed, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isThere(String program) {
        try {
            return new ProcessBuilder(program, "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public String issuer() {
        return issuer;
    }

    /** What Latchkey calls it. */
    public String name() {
        return "oidc:" + issuer;
    }

    /** Registers a client with it, as its metadata (RFC 7591) say. */
    public void add(Map<String, ?> client) {
        try {
            var reply = send(HttpRequest.newBuilder(URI.create(issuer + "/clients"))
                    .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(client))));
            assertEquals(201, reply.statusCode(), reply::body);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What it knows of the token (RFC 7662); asked by a client with {@link #SECRET}. */
    public boolean isActive(String clientId, String token) {
        var reply = post("/token/introspection", clientId, Map.of("token", token));
        assertEquals(200, reply.statusCode(), reply::body);
        return json(reply).path("active").asBoolean();
    }

    /** What the client might ask of it without Latchkey. */
    public HttpResponse<String> refresh(String clientId, String refreshToken) {
        return post("/token", clientId, Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
    }

    /** As the account's owner does who takes back what was granted. */
    public void revoke(String clientId, String refreshToken) {
        var reply = post("/token/revocation", clientId, Map.of("token", refreshToken));
        assertEquals(200, reply.statusCode(), reply::body);
    }

    /** The owner types a device's code, and agrees or does not. */
    public void typed(String userCode, boolean agrees) {
        var reply = send(HttpRequest.newBuilder(URI.create(issuer + "/typed"))
                .POST(BodyPublishers.ofString("{\"user_code\":\"" + userCode + "\",\"agrees\":" + agrees + "}")));
        assertEquals(200, reply.statusCode(), reply::body);
    }

    private HttpResponse<String> post(String path, String clientId, Map<String, String> form) {
        var body = form.entrySet().stream()
                .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        var pair = URLEncoder.encode(clientId, UTF_8) + ":" + URLEncoder.encode(SECRET, UTF_8);
        return send(HttpRequest.newBuilder(URI.create(issuer + path))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));
    }

    /** What came of the logins of the client, first to last. */
    public List<Chain> chains(String clientId) {
        var stats = json(send(HttpRequest.newBuilder(URI.create(issuer + "/stats"))));
        return StreamSupport.stream(stats.path("chains").spliterator(), false)
                .filter(chain -> clientId.equals(chain.path("client_id").asText()))
                .map(chain -> new Chain(
                        chain.path("refreshes").asInt(),
                        chain.path("reuses").asInt(),
                        chain.path("most_uses_of_one").asInt(),
                        chain.path("revoked").asBoolean()))
                .toList();
    }

    /**
     * The refresh tokens of one login, each made from the one before.
     *
     * @param refreshes that gave a token
     * @param reuses of a token that had been used, after which nothing is active
     * @param mostUsesOfOne successful ones: more than one if two came at once
     */
    public record Chain(int refreshes, int reuses, int mostUsesOfOne, boolean isRevoked) {}

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(HttpResponse<String> reply) {
        try {
            return JSON.readTree(reply.body());
        } catch (IOException e) {
            throw new IllegalStateException(reply.body(), e);
        }
    }
}

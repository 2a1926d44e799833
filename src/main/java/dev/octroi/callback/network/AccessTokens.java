package dev.octroi.callback.network;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.call.Message;
import dev.octroi.callback.connector.Connector;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of partners' APIs by client credentials (RFC 6749 §4.4): the secret goes by HTTP Basic, and where there is
 * none the client certificate speaks for us (RFC 8705). A token is kept until shortly before its end; requests that need it
 * meanwhile wait for the same one.
 */
public final class AccessTokens {
    private static final int MAX_KEPT = 256;
    private static final Duration MARGIN = Duration.ofSeconds(10);
    private static final int UNSAID_LIFE_SECONDS = 60;
    private static final int MAX_LIFE_SECONDS = 3_600;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,8192}");

    private final QosCaller caller;
    private final InstantSource clock;
    private final Map<Credentials, Future<Token>> held = new ConcurrentHashMap<>();

    /** The token endpoint gave no token. */
    static final class NoTokenException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoTokenException(String message) {
            super(message, null, false, false);
        }
    }

    /** Whose token it is; another secret is another client. */
    private record Credentials(Connector.ClientCredentials client, int secretHash) {}

    private record Token(String text, Instant until) {}

    public AccessTokens(QosCaller caller, InstantSource clock) {
        this.caller = requireNonNull(caller, "caller is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** The value of an Authorization header; empty where no token is needed. */
    Future<Optional<String>> authorization(Connector.CamaraQod connector, byte @Nullable [] secret) {
        if (connector.oauth().isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        Connector.ClientCredentials client = connector.oauth().get();
        Credentials key = new Credentials(client, Arrays.hashCode(secret));
        Future<Token> known = held.get(key);
        if (known != null && isGood(known)) {
            return known.map(token -> Optional.of("Bearer " + token.text()));
        }
        if (held.size() >= MAX_KEPT) {
            held.clear();
        }
        Future<Token> asked = ask(connector, client, secret);
        held.put(key, asked);
        return asked.map(token -> Optional.of("Bearer " + token.text()));
    }

    /** The API did not take the token: the next request asks for another. */
    void forget(Connector.CamaraQod connector, byte @Nullable [] secret) {
        connector.oauth().ifPresent(client -> held.remove(new Credentials(client, Arrays.hashCode(secret))));
    }

    private boolean isGood(Future<Token> token) {
        return !token.isComplete()
                || (token.succeeded() && token.result().until().isAfter(clock.instant()));
    }

    private Future<Token> ask(
            Connector.CamaraQod connector, Connector.ClientCredentials client, byte @Nullable [] secret) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        headers.put("Accept", "application/json");
        StringBuilder form = new StringBuilder("grant_type=client_credentials");
        client.scope().ifPresent(scope -> form.append("&scope=").append(encoded(scope)));
        if (secret == null) {
            form.append("&client_id=").append(encoded(client.clientId()));
        } else {
            String pair = encoded(client.clientId()) + ":" + encoded(new String(secret, StandardCharsets.UTF_8));
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII)));
        }
        return caller.call(
                        connector.trust(),
                        "POST",
                        client.tokenUrl(),
                        new Message(headers, Buffer.buffer(form.toString())))
                .map(answer -> token(answer, clock.instant()));
    }

    private static Token token(CallbackClient.Answer answer, Instant now) {
        if (answer.status() != 200) {
            throw new NoTokenException("the token endpoint answered " + answer.status());
        }
        try {
            JsonObject json = new JsonObject(answer.body());
            Map<String, Object> members = json.getMap();
            boolean bearer = members.get("token_type") instanceof String type && type.equalsIgnoreCase("bearer");
            if (bearer
                    && members.get("access_token") instanceof String text
                    && TOKEN.matcher(text).matches()) {
                int seconds = members.get("expires_in") instanceof Number number
                        ? Math.clamp(number.longValue(), 0, MAX_LIFE_SECONDS)
                        : UNSAID_LIFE_SECONDS;
                return new Token(text, now.plusSeconds(seconds).minus(MARGIN));
            }
        } catch (DecodeException e) {
            // Falls through to the refusal.
        }
        throw new NoTokenException("the token endpoint gave no bearer token");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.http.ClientExchange;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls ES2+ functions of another SM-DP+ over mutual TLS (SGP.22 v2.5 §6.5). A call without an answer is sent again under
 * the same identifier, at most three times altogether; then its outcome is unknown and the future fails.
 */
public final class Es2Client {
    private static final String PATH = "/gsma/rsp2/es2plus/";
    private static final int MAX_SENDS = 3;
    private static final long FIRST_PAUSE_MS = 200;
    private static final int CONNECTIONS = 8;
    private static final int MAX_WAITING = 200;

    private final Vertx vertx;
    private final HttpClient client;
    private final URI url;
    private final String requesterId;
    private final long timeoutMs;

    /**
     * @param tls trust and client certificate
     * @param url of the server; without a path the standard one
     * @param requesterId the {@code functionRequesterIdentifier} that the server knows us by
     * @param timeoutMs for one request with its answer
     */
    public Es2Client(Vertx vertx, HttpClientOptions tls, URI url, String requesterId, long timeoutMs) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.url = requireNonNull(url, "url is null");
        this.requesterId = requireNonNull(requesterId, "requesterId is null");
        this.timeoutMs = timeoutMs;
        this.client = vertx.httpClientBuilder()
                .with(new HttpClientOptions(tls)
                        .setConnectTimeout((int) Math.min(timeoutMs, 5_000))
                        .setDecompressionSupported(false))
                .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING))
                .build();
    }

    /** No answer came, or none that says what became of the call. The message names no identifier. */
    public static final class UnansweredException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnansweredException(String message) {
            super(message, null, false, false);
        }
    }

    /** Closes the connections; calls under way fail. */
    public Future<Void> close() {
        return client.close();
    }

    /**
     * Calls a function.
     *
     * @param callIdentifier the same for the same call
     * @param body the fields besides the header
     * @param isDone whether a refusal of a call that was sent before says that it was carried out then; it then gives an
     *     empty object
     */
    Future<Outcome<JsonObject>> call(
            String function, String callIdentifier, JsonObject body, Predicate<GsmaStatus> isDone) {
        JsonObject request = new JsonObject()
                .put(
                        "header",
                        new JsonObject()
                                .put("functionRequesterIdentifier", requesterId)
                                .put("functionCallIdentifier", callIdentifier));
        return send(function, request.mergeIn(body), isDone, 1);
    }

    private Future<Outcome<JsonObject>> send(
            String function, JsonObject request, Predicate<GsmaStatus> isDone, int number) {
        return post(function, request)
                .map(answer -> number > 1
                                && answer instanceof Outcome.Failed<JsonObject> refused
                                && isDone.test(refused.status())
                        ? Outcome.done(new JsonObject())
                        : answer)
                .recover(failure -> number < MAX_SENDS
                        ? vertx.timer(FIRST_PAUSE_MS << number, TimeUnit.MILLISECONDS)
                                .compose(waited -> send(function, request, isDone, number + 1))
                        : Future.failedFuture(unanswered(failure)));
    }

    private static Throwable unanswered(Throwable failure) {
        // Messages of network exceptions may quote what was sent; the class says enough.
        return failure instanceof UnansweredException
                ? failure
                : new UnansweredException(
                        failure instanceof ClientExchange.AnswerTooLongException
                                ? "an answer that is too long"
                                : failure.getClass().getSimpleName());
    }

    private Future<Outcome<JsonObject>> post(String function, JsonObject request) {
        String path = url.getRawPath();
        String base = path == null || path.length() <= 1 ? PATH : path.endsWith("/") ? path : path + "/";
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setSsl(true)
                .setHost(url.getHost())
                .setPort(url.getPort() == -1 ? 443 : url.getPort())
                .setURI(base + function)
                .setFollowRedirects(false)
                .putHeader("Content-Type", "application/json")
                .putHeader("X-Admin-Protocol", "gsma/rsp/v2.5.0")
                .putHeader("User-Agent", "Octroi/1");
        return ClientExchange.of(vertx, client, options, request.toBuffer(), timeoutMs)
                .map(Es2Client::read);
    }

    private static Outcome<JsonObject> read(ClientExchange.Answer answer) {
        if (answer.status() != 200) {
            throw new UnansweredException("status " + answer.status());
        }
        try {
            return outcome(new JsonObject(answer.body()));
        } catch (DecodeException | ClassCastException e) {
            throw new UnansweredException("an answer that is no JSON object of ES2+");
        }
    }

    private static Outcome<JsonObject> outcome(JsonObject answer) {
        JsonObject header = answer.getJsonObject("header");
        JsonObject status = header == null ? null : header.getJsonObject("functionExecutionStatus");
        if (status == null) {
            throw new UnansweredException("an answer without header");
        }
        return switch (status.getString("status", "")) {
            case "Executed-Success", "Executed-WithWarning" -> Outcome.done(answer);
            case "Failed", "Expired" -> Outcome.failed(refusal(status.getJsonObject("statusCodeData")));
            default -> throw new UnansweredException("an answer without status");
        };
    }

    private static GsmaStatus refusal(@Nullable JsonObject codes) {
        if (codes == null) {
            return GsmaStatus.EXECUTION_ERROR;
        }
        return GsmaStatus.told(
                codes.getString("subjectCode", "?"),
                codes.getString("reasonCode", "?"),
                codes.getString("message", "refused by the SM-DP+"));
    }
}

package dev.octroi.callback;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.Aad;
import dev.octroi.secret.Sealer;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Sends one row and judges the answer. Holds no database connection while it does. */
final class Sender {
    static final String SECRET_TABLE = "webhook_endpoint";
    static final String SECRET_COLUMN = "secret_sealed";

    private static final long MAX_RETRY_AFTER_SECONDS = 3_600;
    private static final long WAIT_MS = 5_000;
    private static final long MAX_WAIT_MS = 3_600_000;

    private final DispatcherSettings settings;
    private final MessageRenderer renderer;
    private final CallbackClient partnerClient;
    private final CallbackClient webhookClient;
    private final CallbackAddress addresses;
    private final Sealer sealer;
    private final RetrySchedule schedule;
    private final InstantSource clock;

    Sender(
            DispatcherSettings settings,
            MessageRenderer renderer,
            CallbackClient partnerClient,
            CallbackClient webhookClient,
            CallbackAddress addresses,
            Sealer sealer,
            RetrySchedule schedule,
            InstantSource clock) {
        this.settings = settings;
        this.renderer = renderer;
        this.partnerClient = partnerClient;
        this.webhookClient = webhookClient;
        this.addresses = addresses;
        this.sealer = sealer;
        this.schedule = schedule;
        this.clock = clock;
    }

    /** Sends a row; the future never fails. */
    Future<Attempt> send(ClaimedRow row, Map<Long, IdentifierSource.Identifiers> identifiers) {
        Instant at = clock.instant();
        Future<CallbackClient.Answer> answer;
        try {
            answer = switch (row.stream()) {
                case NETWORK -> partner(settings.networkUrl(), row, identifiers, at);
                case ES2 -> partner(settings.es2Url(), row, identifiers, at);
                case WEBHOOK -> webhook(row, at);
            };
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        return answer.map(got -> judge(row, at, got)).otherwise(failure -> failed(row, at, failure));
    }

    private Future<CallbackClient.Answer> partner(
            Optional<URI> url, ClaimedRow row, Map<Long, IdentifierSource.Identifiers> identifiers, Instant now) {
        URI to = url.orElseGet(() -> registered(row));
        IdentifierSource.Identifiers subject = identifiers.get(row.key());
        if (subject == null) {
            throw new NobodyThereException("the subscription has no profile yet");
        }
        Message message =
                row.stream() == Stream.NETWORK ? renderer.network(row, subject, now) : renderer.es2(row, subject);
        return partnerClient.post(to, null, message, settings.timeoutMs(row.stream()));
    }

    private static URI registered(ClaimedRow row) {
        String url = row.partnerUrl();
        if (url == null) {
            throw new NobodyThereException("no partner with a callback address is registered");
        }
        return DispatcherSettings.withPath(row.stream(), URI.create(url));
    }

    private Future<CallbackClient.Answer> webhook(ClaimedRow row, Instant now) {
        ClaimedRow.WebhookTarget target = row.webhook();
        if (target == null || row.eventType() == null) {
            return Future.failedFuture(new GivenUpException("the endpoint was removed or disabled"));
        }
        List<WebhookSecret> secrets = new ArrayList<>();
        byte[] previous = target.previousSealed();
        if (target.shared()) {
            secrets.add(open(row, target.secretSealed()));
            if (previous != null) {
                secrets.add(open(row, previous));
            }
        }
        Message message = renderer.webhook(row, secrets, now);
        return addresses
                .check(target.url())
                .compose(checked -> webhookClient.post(
                        checked.url(), checked.address(), message, settings.timeoutMs(Stream.WEBHOOK)));
    }

    private WebhookSecret open(ClaimedRow row, byte[] sealed) {
        return WebhookSecret.of(
                sealer.open(Aad.of(row.tenantId(), SECRET_TABLE, SECRET_COLUMN, row.endpointId()), sealed));
    }

    private Attempt judge(ClaimedRow row, Instant at, CallbackClient.Answer answer) {
        int status = answer.status();
        if (status >= 200 && status < 300) {
            return attempt(row, Attempt.Result.DELIVERED, at, status, null, 0);
        }
        String error = "status " + status;
        boolean final4xx =
                status >= 400 && status < 500 && status != 408 && status != 409 && status != 425 && status != 429;
        if (final4xx) {
            return attempt(row, Attempt.Result.DEAD, at, status, error, 0);
        }
        return again(row, at, status, error, retryAfterMs(answer.retryAfter()));
    }

    private Attempt failed(ClaimedRow row, Instant at, Throwable failure) {
        if (failure instanceof GivenUpException) {
            return attempt(row, Attempt.Result.DEAD, at, null, failure.getMessage(), 0);
        }
        if (failure instanceof NobodyThereException) {
            long delayMs =
                    (long) (settings.scheduleScale() * Math.min(MAX_WAIT_MS, WAIT_MS << Math.min(row.attempts(), 20)));
            return attempt(row, Attempt.Result.WAIT, at, null, failure.getMessage(), delayMs);
        }
        // Messages of network exceptions may quote what was sent; the class says enough.
        String error = failure instanceof CallbackAddress.RefusedException
                ? "address refused: " + failure.getMessage()
                : failure.getClass().getSimpleName();
        return again(row, at, null, error, 0);
    }

    private Attempt again(ClaimedRow row, Instant at, @Nullable Integer status, String error, long atLeastMs) {
        OptionalLong delay = schedule.delayMs(row.stream(), row.attempts());
        return delay.isPresent()
                ? attempt(row, Attempt.Result.RETRY, at, status, error, Math.max(atLeastMs, delay.getAsLong()))
                : attempt(row, Attempt.Result.DEAD, at, status, error, 0);
    }

    private Attempt attempt(
            ClaimedRow row,
            Attempt.Result result,
            Instant at,
            @Nullable Integer status,
            @Nullable String error,
            long delayMs) {
        Instant now = clock.instant();
        long durationMs = Math.clamp(Duration.between(at, now).toMillis(), 0, Integer.MAX_VALUE);
        String words = error == null || error.length() <= 200 ? error : error.substring(0, 200);
        return new Attempt(row, result, at, durationMs, status, words, now.plusMillis(delayMs));
    }

    /** Seconds of a Retry-After header, at most an hour; 0 for a date or nonsense. */
    private static long retryAfterMs(@Nullable String header) {
        if (header == null || header.isEmpty() || header.length() > 9) {
            return 0;
        }
        for (int i = 0; i < header.length(); i++) {
            if (header.charAt(i) < '0' || header.charAt(i) > '9') {
                return 0;
            }
        }
        return Math.min(MAX_RETRY_AFTER_SECONDS, Long.parseLong(header)) * 1_000;
    }

    /** There is no point in another attempt. */
    private static final class GivenUpException extends RuntimeException {
        private static final long serialVersionUID = 1;

        GivenUpException(String message) {
            super(requireNonNull(message), null, false, false);
        }
    }

    /** There is nobody to send to yet. */
    private static final class NobodyThereException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NobodyThereException(String message) {
            super(requireNonNull(message), null, false, false);
        }
    }
}

package dev.octroi.callback;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.Aad;
import dev.octroi.secret.Sealer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
    private final CallbackClient sbiClient;
    private final RadiusConnector radius;
    private final CallbackAddress addresses;
    private final NotificationSource notifications;
    private final NfMessageSource nfMessages;
    private final Sealer sealer;
    private final RetrySchedule schedule;
    private final InstantSource clock;

    Sender(
            DispatcherSettings settings,
            MessageRenderer renderer,
            CallbackClient partnerClient,
            CallbackClient webhookClient,
            CallbackClient sbiClient,
            RadiusConnector radius,
            CallbackAddress addresses,
            NotificationSource notifications,
            NfMessageSource nfMessages,
            Sealer sealer,
            RetrySchedule schedule,
            InstantSource clock) {
        this.settings = settings;
        this.renderer = renderer;
        this.partnerClient = partnerClient;
        this.webhookClient = webhookClient;
        this.sbiClient = sbiClient;
        this.radius = radius;
        this.addresses = addresses;
        this.notifications = notifications;
        this.nfMessages = nfMessages;
        this.sealer = sealer;
        this.schedule = schedule;
        this.clock = clock;
    }

    /** Sends a row; the future never fails. */
    Future<Attempt> send(ClaimedRow row, Map<Long, IdentifierSource.Identifiers> identifiers) {
        Instant at = clock.instant();
        try {
            return byRadius(row)
                    ? radius(row, identifiers, at)
                    : answer(row, identifiers, at)
                            .map(got -> judge(row, at, got))
                            .otherwise(failure -> failed(row, at, failure));
        } catch (RuntimeException e) {
            return Future.succeededFuture(failed(row, at, e));
        }
    }

    private Future<CallbackClient.Answer> answer(
            ClaimedRow row, Map<Long, IdentifierSource.Identifiers> identifiers, Instant at) {
        return switch (row.stream()) {
            case NETWORK -> network(row, identifiers, at);
            case ES2 -> operator(row, identifiers);
            case WEBHOOK -> webhook(row, at);
            case CHARGING -> networkFunction(row);
        };
    }

    /** The scheme of the partner's address says which connector tells it. */
    private boolean byRadius(ClaimedRow row) {
        return row.stream() == Stream.NETWORK
                && settings.networkUrl().isEmpty()
                && RadiusConnector.isFor(row.partnerUrl());
    }

    private Future<Attempt> radius(ClaimedRow row, Map<Long, IdentifierSource.Identifiers> identifiers, Instant at) {
        return radius.send(row, requireNonNull(row.partnerUrl()), subject(row, identifiers), at)
                .map(taken -> switch (taken.result()) {
                    case RETRY -> again(row, at, null, requireNonNull(taken.error()), 0);
                    case WAIT ->
                        attempt(
                                row,
                                Attempt.Result.WAIT,
                                at,
                                null,
                                taken.error(),
                                schedule.delayMs(row.stream(), row.attempts()).orElse(MAX_WAIT_MS));
                    default -> attempt(row, taken.result(), at, null, taken.error(), 0);
                })
                .otherwise(failure -> failed(row, at, failure));
    }

    private Future<CallbackClient.Answer> network(
            ClaimedRow row, Map<Long, IdentifierSource.Identifiers> identifiers, Instant now) {
        URI to = settings.networkUrl().orElseGet(() -> registered(row));
        return post(to, row, renderer.network(row, subject(row, identifiers), now));
    }

    private Future<CallbackClient.Answer> operator(
            ClaimedRow row, Map<Long, IdentifierSource.Identifiers> identifiers) {
        int point = point(row).orElseThrow(UnwantedException::new);
        URI to = settings.es2Url().orElseGet(() -> registered(row));
        IdentifierSource.Identifiers subject = subject(row, identifiers);
        Long sequence = row.payload().getLong("notificationSequence");
        return (sequence == null
                        ? Future.succeededFuture(Optional.<byte[]>empty())
                        : notifications.find(row.tenantId(), row.key(), sequence))
                .compose(notification -> post(to, row, renderer.es2(row, subject, point, notification)));
    }

    /** The number under which this operator hears of the step. */
    private static OptionalInt point(ClaimedRow row) {
        String step = row.payload().getString("step");
        JsonObject own = row.notificationPoints();
        if (step == null) {
            return OptionalInt.of(row.payload().getInteger("notificationPointId"));
        }
        if (own == null) {
            return NotificationPoints.STANDARD.of(step);
        }
        Integer number = own.getInteger(step);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private static IdentifierSource.Identifiers subject(
            ClaimedRow row, Map<Long, IdentifierSource.Identifiers> identifiers) {
        IdentifierSource.Identifiers subject = identifiers.get(row.key());
        if (subject == null) {
            throw new NobodyThereException("the subscription has no profile yet");
        }
        return subject;
    }

    private Future<CallbackClient.Answer> post(URI to, ClaimedRow row, Message message) {
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

    private Future<CallbackClient.Answer> networkFunction(ClaimedRow row) {
        return nfMessages
                .find(row.tenantId(), row.endpointId(), row.key(), row.payload())
                .compose(found -> {
                    NfMessageSource.NfMessage told = found.orElseThrow(UnwantedException::new);
                    Message message = new Message(
                            Map.of("Content-Type", "application/json"),
                            told.body().toBuffer());
                    long timeoutMs = settings.timeoutMs(Stream.CHARGING);
                    if (told.registered()) {
                        return sbiClient.post(CallbackAddress.parse(told.url()), null, message, timeoutMs);
                    }
                    return addresses
                            .check(told.url())
                            .compose(checked -> sbiClient.post(checked.url(), checked.address(), message, timeoutMs));
                });
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
        if (isFinal(row.stream(), status)) {
            return attempt(row, Attempt.Result.DEAD, at, status, error, 0);
        }
        return again(row, at, status, error, retryAfterMs(answer.retryAfter()));
    }

    /**
     * Whether there is no point in another attempt. An operator whose address or permissions are not in order yet still
     * has to hear of each step.
     */
    private static boolean isFinal(Stream stream, int status) {
        return switch (status) {
            case 408, 409, 425, 429 -> false;
            case 401, 403, 404 -> stream != Stream.ES2;
            default -> status >= 400 && status < 500;
        };
    }

    private Attempt failed(ClaimedRow row, Instant at, Throwable failure) {
        if (failure instanceof GivenUpException) {
            return attempt(row, Attempt.Result.DEAD, at, null, failure.getMessage(), 0);
        }
        if (failure instanceof UnwantedException) {
            return attempt(row, Attempt.Result.UNWANTED, at, null, failure.getMessage(), 0);
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

    /** The receiver does not hear of such steps. */
    private static final class UnwantedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnwantedException() {
            super("the receiver does not hear of this", null, false, false);
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

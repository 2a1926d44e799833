package dev.octroi.callback.webhook;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.call.CallbackAddress;
import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventTypes;
import dev.octroi.callback.message.MessageRenderer;
import dev.octroi.callback.message.MessageSender;
import dev.octroi.callback.message.WebhookSecret;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.secret.Aad;
import dev.octroi.secret.Sealer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The addresses that resellers want to be called at. */
public final class Webhooks {
    /** Endpoints of one tenant. */
    public static final int MAX_ENDPOINTS = 50;

    /** How far back an endpoint that is enabled again may ask for what it missed; rows of what it got live longer. */
    public static final Duration MAX_RECOVERY = Duration.ofDays(30);

    /** Missed events that one call makes due. */
    public static final int MAX_RECOVERED = 10_000;

    private final Database database;
    private final CallbackAddress addresses;
    private final EndpointChallenge challenge;
    private final Sealer sealer;
    private final Ids ids;
    private final SecureRandom random;
    private final InstantSource clock;
    private final RegistrationLimits limits;
    private final Runnable nudge;
    private final WebhookStore store = new WebhookStore();
    private final WebhookDeliveryStore sent = new WebhookDeliveryStore();
    private final WebhookRecoveryStore recovery = new WebhookRecoveryStore();

    public Webhooks(
            Database database,
            CallbackAddress addresses,
            CallbackClient client,
            MessageRenderer renderer,
            Sealer sealer,
            Ids ids,
            SecureRandom random,
            InstantSource clock,
            Runnable nudge) {
        this.database = requireNonNull(database, "database is null");
        this.addresses = addresses;
        this.challenge = new EndpointChallenge(client, renderer, random, clock);
        this.sealer = sealer;
        this.ids = ids;
        this.random = random;
        this.clock = clock;
        this.limits = new RegistrationLimits(clock);
        this.nudge = nudge;
    }

    /**
     * Checks an address that a tenant wants to be called at: it has to be allowed and to answer a signed challenge, a
     * POST of type {@code webhook.challenge} whose {@code data.challenge} it gives back as {@code {"challenge":…}} or as
     * plain text. Nothing is stored yet; {@link #store} does that within the caller's transaction.
     *
     * @param url https, at most 2048 characters
     * @param eventTypes at most 64 of {@link EventTypes}, see {@link Webhook#eventTypes}
     * @param description at most 200 characters
     */
    public Future<WebhookRegistration> prepare(
            int tenantId, String url, List<String> eventTypes, String description, Webhook.Signature signature) {
        Optional<String> unknown = EventTypes.refuse(eventTypes);
        if (unknown.isPresent()) {
            return Future.succeededFuture(new WebhookRegistration.UnknownType(unknown.get()));
        }
        Webhook webhook =
                new Webhook(ids.next(), url, eventTypes, description, signature, "active", null, null, clock.instant());
        WebhookSecret secret = WebhookSecret.random(random);
        return database.inTenant(tenantId, connection -> store.count(connection, tenantId))
                .compose(count -> count >= MAX_ENDPOINTS
                        ? Future.succeededFuture(new WebhookRegistration.TooMany(MAX_ENDPOINTS))
                        : tried(tenantId, webhook, secret));
    }

    private Future<WebhookRegistration> tried(int tenantId, Webhook webhook, WebhookSecret secret) {
        if (!limits.begin(tenantId)) {
            return Future.succeededFuture(new WebhookRegistration.TooOften());
        }
        return addresses
                .check(webhook.url())
                .compose(checked -> challenge.isEchoed(checked, secret, webhook))
                .<WebhookRegistration>map(echoed -> echoed
                        ? new WebhookRegistration.Accepted(webhook, secret)
                        : new WebhookRegistration.ChallengeFailed("the endpoint did not answer 2xx with the challenge"))
                .recover(Webhooks::refused)
                .onComplete(tried -> limits.end(
                        tenantId, tried.failed() || !(tried.result() instanceof WebhookRegistration.Accepted)));
    }

    /**
     * Keeps an accepted endpoint; from the commit on it is called.
     *
     * @return false where the tenant has as many by now as it may have
     */
    public Future<Boolean> store(SqlConnection connection, int tenantId, WebhookRegistration.Accepted accepted) {
        Webhook webhook = accepted.webhook();
        byte[] sealed = sealer.seal(
                Aad.of(tenantId, MessageSender.SECRET_TABLE, MessageSender.SECRET_COLUMN, webhook.id()),
                accepted.secret().bytes());
        return store.insert(connection, tenantId, webhook, sealed, MAX_ENDPOINTS);
    }

    /**
     * Replaces the secret of an endpoint within the caller's transaction. Messages carry the signatures of both secrets
     * until the overlap ends, so that the receiver may change at any moment of it.
     *
     * @param overlap how long the secret before signs as well; zero when it is known to others
     */
    public Future<SecretRotation> rotate(SqlConnection connection, int tenantId, long id, Duration overlap) {
        WebhookSecret secret = WebhookSecret.random(random);
        byte[] sealed = sealer.seal(
                Aad.of(tenantId, MessageSender.SECRET_TABLE, MessageSender.SECRET_COLUMN, id), secret.bytes());
        Instant now = clock.instant();
        return store.rotate(connection, tenantId, id, sealed, now, now.plus(overlap))
                .compose(
                        rotated -> store.find(connection, tenantId, id).map(found -> rotation(found, rotated, secret)));
    }

    /** Whether an endpoint may ask for what it missed from a moment on. */
    public boolean mayRecoverSince(Instant since) {
        Instant now = clock.instant();
        return !since.isAfter(now) && !since.isBefore(now.minus(MAX_RECOVERY));
    }

    /**
     * Sends to an endpoint again within the caller's transaction; {@link #nudge} after the commit. One that was never disabled
     * may ask for what was given up.
     *
     * @param since events from this moment on that it asked for and has not got are sent as well, the oldest first; empty: none
     * @return empty when there is no such endpoint
     */
    public Future<Optional<WebhookRecovery>> enable(
            SqlConnection connection, int tenantId, long id, Optional<Instant> since) {
        return recovery.enable(connection, tenantId, id)
                .compose(enabled -> since.isEmpty() || !enabled
                        ? Future.succeededFuture(0)
                        : recovery.queueMissed(connection, tenantId, id, since.get(), clock.instant(), MAX_RECOVERED))
                .compose(queued -> store.find(connection, tenantId, id)
                        .map(found ->
                                found.map(webhook -> new WebhookRecovery(webhook, queued, queued == MAX_RECOVERED))));
    }

    private static SecretRotation rotation(Optional<Webhook> found, boolean rotated, WebhookSecret secret) {
        if (found.isEmpty()) {
            return new SecretRotation.Unknown();
        }
        Webhook webhook = found.get();
        if (rotated) {
            return new SecretRotation.Rotated(webhook, secret);
        }
        Instant until = webhook.previousSecretUntil();
        return until == null || webhook.signature() != Webhook.Signature.V1
                ? new SecretRotation.NoSecret()
                : new SecretRotation.UnderWay(until);
    }

    /** All endpoints of a tenant. */
    public Future<List<Webhook>> list(int tenantId) {
        return database.inTenant(tenantId, connection -> store.list(connection, tenantId));
    }

    /** One endpoint. */
    public Future<Optional<Webhook>> find(int tenantId, long id) {
        return database.inTenant(tenantId, connection -> store.find(connection, tenantId, id));
    }

    /** Removes an endpoint within the caller's transaction; false when there is none. */
    public Future<Boolean> delete(SqlConnection connection, int tenantId, long id) {
        return store.delete(connection, tenantId, id);
    }

    /**
     * Appends a test event for one endpoint, disabled or not, within the caller's transaction; {@link #nudge} after the
     * commit.
     *
     * @return the event's id, or empty when there is no such endpoint
     */
    public Future<OptionalLong> appendTest(SqlConnection connection, int tenantId, long id) {
        long eventId = ids.next(Ids.shardOf(id));
        Event event = new Event(
                tenantId,
                eventId,
                EventTypes.TEST,
                id,
                new JsonObject().put("webhook", PublicId.WEBHOOK.format(id)),
                clock.instant());
        return store.find(connection, tenantId, id)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(OptionalLong.empty())
                        : sent.appendFor(connection, event, id).map(written -> OptionalLong.of(eventId)));
    }

    /** Says that something to send has been committed. */
    public void nudge() {
        nudge.run();
    }

    /**
     * What was sent to an endpoint, newest first.
     *
     * @param state only those in this one; empty: all
     * @param before only events before this one; {@link Long#MAX_VALUE} for the first page
     * @param limit 1 to 201
     */
    public Future<List<WebhookDelivery>> deliveries(int tenantId, long id, String state, long before, int limit) {
        return database.inTenant(
                tenantId,
                connection -> sent.deliveries(connection, tenantId, id, state, before, Math.clamp(limit, 1, 201)));
    }

    /**
     * Sends an event to an endpoint once more, with the same id, within the caller's transaction; {@link #nudge} after the
     * commit. False when it was not sent there or is still on its way.
     */
    public Future<Boolean> replay(SqlConnection connection, int tenantId, long id, long eventId) {
        return sent.replay(connection, tenantId, id, eventId, clock.instant());
    }

    private static Future<WebhookRegistration> refused(Throwable failure) {
        return failure instanceof CallbackAddress.RefusedException
                ? Future.succeededFuture(new WebhookRegistration.AddressRefused(String.valueOf(failure.getMessage())))
                : Future.failedFuture(failure);
    }
}

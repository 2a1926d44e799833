package dev.octroi.callback.message;

import dev.octroi.callback.call.CallbackAddress;
import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.call.Callers;
import dev.octroi.callback.call.HostBreakers;
import dev.octroi.callback.call.Message;
import dev.octroi.callback.connector.IdentifierSource;
import dev.octroi.callback.outbox.ClaimedRow;
import dev.octroi.callback.outbox.DispatcherSettings;
import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.callback.outbox.Verdict;
import dev.octroi.secret.Aad;
import dev.octroi.secret.SealBrokenException;
import dev.octroi.secret.Sealer;
import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Posts what is no policy: progress to operators, events to webhooks, notifications to network functions. */
public final class MessageSender {
    /** Where the secrets of webhooks are sealed: part of what each seal is bound to. */
    public static final String SECRET_TABLE = "webhook_endpoint";
    /** The column, bound as {@link #SECRET_TABLE} is. */
    public static final String SECRET_COLUMN = "secret_sealed";

    private static final int TEMPORARY_REDIRECT = 307;
    private static final int PERMANENT_REDIRECT = 308;

    private final DispatcherSettings settings;
    private final MessageRenderer renderer;
    private final Callers callers;
    private final NotificationSource notifications;
    private final NfMessageSource nfMessages;
    private final Sealer sealer;
    private final HostBreakers hosts;

    public MessageSender(
            DispatcherSettings settings,
            MessageRenderer renderer,
            Callers callers,
            NotificationSource notifications,
            NfMessageSource nfMessages,
            Sealer sealer,
            HostBreakers hosts) {
        this.settings = settings;
        this.renderer = renderer;
        this.callers = callers;
        this.notifications = notifications;
        this.nfMessages = nfMessages;
        this.sealer = sealer;
        this.hosts = hosts;
    }

    /** How many hosts of network functions are not asked now. */
    public int openBreakers() {
        return hosts.open();
    }

    /** @param subject whose profile it is, asked for only where the operator hears of the step */
    public Future<CallbackClient.Answer> operator(ClaimedRow row, Supplier<IdentifierSource.Identifiers> subject) {
        int point = point(row).orElseThrow(Verdict.UnwantedException::new);
        URI to = settings.es2Url().orElseGet(() -> DispatcherSettings.withPath(Stream.ES2, registered(row)));
        IdentifierSource.Identifiers identifiers = ofItsCard(row, subject.get());
        Long sequence = row.payload().getLong("notificationSequence");
        return (sequence == null
                        ? Future.succeededFuture(Optional.<byte[]>empty())
                        : notifications.find(row.tenantId(), row.key(), sequence))
                .compose(notification -> callers.partner()
                        .post(
                                to,
                                null,
                                renderer.es2(row, identifiers, point, notification),
                                settings.timeoutMs(Stream.ES2)));
    }

    /** The card that the step is about. Rows of gateways of before do not name it: it is the profile's present one then. */
    private IdentifierSource.Identifiers ofItsCard(ClaimedRow row, IdentifierSource.Identifiers known) {
        String sealed = row.payload().getString("card");
        return sealed == null
                ? known
                : new IdentifierSource.Identifiers(known.iccid(), known.imsi(), card(row, sealed));
    }

    private Optional<Sensitive<String>> card(ClaimedRow row, String sealed) {
        try {
            return Optional.of(Sensitive.of(sealer.openText(
                    OutboxRow.cardPlace(row.tenantId(), row.key()),
                    Base64.getDecoder().decode(sealed))));
        } catch (SealBrokenException e) {
            // Its key was destroyed since: the step is told without the card.
            return Optional.empty();
        }
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

    private static URI registered(ClaimedRow row) {
        ClaimedRow.Partner partner = row.partner();
        if (partner == null || partner.callbackUrl() == null) {
            throw new Verdict.NobodyThereException("no partner with a callback address is registered");
        }
        return URI.create(partner.callbackUrl());
    }

    /** Sends an event to an endpoint of a reseller, signed at the given moment. */
    public Future<CallbackClient.Answer> webhook(ClaimedRow row, Instant now) {
        ClaimedRow.WebhookTarget target = row.webhook();
        if (target == null || row.eventType() == null) {
            return Future.failedFuture(new Verdict.GivenUpException("the endpoint was removed or disabled"));
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
        return callers.webhooks()
                .check(target.url())
                .compose(checked -> callers.outside()
                        .post(checked.url(), checked.address(), message, settings.timeoutMs(Stream.WEBHOOK)));
    }

    /** Follows one redirect to another instance of the network function (3GPP TS 29.500 §6.10.9), to where it may go only. */
    public Future<CallbackClient.Answer> networkFunction(ClaimedRow row) {
        return nfMessages
                .find(row.tenantId(), row.endpointId(), row.key(), row.payload())
                .compose(found -> {
                    NfMessageSource.NfMessage told = found.orElseThrow(Verdict.UnwantedException::new);
                    Message message = new Message(
                            Map.of("Content-Type", "application/json"),
                            told.body().toBuffer());
                    return tell(told.url(), told.registered(), message).compose(answer -> {
                        Optional<String> next = elsewhere(told.url(), answer);
                        return next.isEmpty()
                                ? Future.succeededFuture(answer)
                                : nfMessages
                                        .isRegistered(row.endpointId(), next.get())
                                        .compose(registered -> tell(next.get(), registered, message));
                    });
                });
    }

    private Future<CallbackClient.Answer> tell(String url, boolean registered, Message message) {
        long timeoutMs = settings.timeoutMs(Stream.CHARGING);
        if (registered) {
            URI known = CallbackAddress.parse(url);
            return hosts.call(known, () -> callers.sbi().post(known, null, message, timeoutMs));
        }
        return callers.network()
                .check(url)
                .compose(checked -> hosts.call(
                        checked.url(), () -> callers.sbi().post(checked.url(), checked.address(), message, timeoutMs)));
    }

    /** Where an answer sends us on; a location that is none leaves it as it is. */
    private static Optional<String> elsewhere(String url, CallbackClient.Answer answer) {
        String location = answer.location();
        if (location == null || (answer.status() != TEMPORARY_REDIRECT && answer.status() != PERMANENT_REDIRECT)) {
            return Optional.empty();
        }
        try {
            return Optional.of(CallbackAddress.parse(url).resolve(location).toString());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private WebhookSecret open(ClaimedRow row, byte[] sealed) {
        return WebhookSecret.of(
                sealer.open(Aad.of(row.tenantId(), SECRET_TABLE, SECRET_COLUMN, row.endpointId()), sealed));
    }
}

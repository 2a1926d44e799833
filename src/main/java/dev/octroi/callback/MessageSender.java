package dev.octroi.callback;

import dev.octroi.secret.Aad;
import dev.octroi.secret.Sealer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Posts what is no policy: progress to operators, events to webhooks, notifications to network functions. */
final class MessageSender {
    static final String SECRET_TABLE = "webhook_endpoint";
    static final String SECRET_COLUMN = "secret_sealed";

    private final DispatcherSettings settings;
    private final MessageRenderer renderer;
    private final Callers callers;
    private final NotificationSource notifications;
    private final NfMessageSource nfMessages;
    private final Sealer sealer;

    MessageSender(
            DispatcherSettings settings,
            MessageRenderer renderer,
            Callers callers,
            NotificationSource notifications,
            NfMessageSource nfMessages,
            Sealer sealer) {
        this.settings = settings;
        this.renderer = renderer;
        this.callers = callers;
        this.notifications = notifications;
        this.nfMessages = nfMessages;
        this.sealer = sealer;
    }

    /** @param subject whose profile it is, asked for only where the operator hears of the step */
    Future<CallbackClient.Answer> operator(ClaimedRow row, Supplier<IdentifierSource.Identifiers> subject) {
        int point = point(row).orElseThrow(Verdict.UnwantedException::new);
        URI to = settings.es2Url().orElseGet(() -> DispatcherSettings.withPath(Stream.ES2, registered(row)));
        IdentifierSource.Identifiers identifiers = subject.get();
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

    Future<CallbackClient.Answer> webhook(ClaimedRow row, Instant now) {
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
        return callers.addresses()
                .check(target.url())
                .compose(checked -> callers.outside()
                        .post(checked.url(), checked.address(), message, settings.timeoutMs(Stream.WEBHOOK)));
    }

    Future<CallbackClient.Answer> networkFunction(ClaimedRow row) {
        return nfMessages
                .find(row.tenantId(), row.endpointId(), row.key(), row.payload())
                .compose(found -> {
                    NfMessageSource.NfMessage told = found.orElseThrow(Verdict.UnwantedException::new);
                    Message message = new Message(
                            Map.of("Content-Type", "application/json"),
                            told.body().toBuffer());
                    long timeoutMs = settings.timeoutMs(Stream.CHARGING);
                    if (told.registered()) {
                        return callers.sbi().post(CallbackAddress.parse(told.url()), null, message, timeoutMs);
                    }
                    return callers.addresses()
                            .check(told.url())
                            .compose(checked ->
                                    callers.sbi().post(checked.url(), checked.address(), message, timeoutMs));
                });
    }

    private WebhookSecret open(ClaimedRow row, byte[] sealed) {
        return WebhookSecret.of(
                sealer.open(Aad.of(row.tenantId(), SECRET_TABLE, SECRET_COLUMN, row.endpointId()), sealed));
    }
}

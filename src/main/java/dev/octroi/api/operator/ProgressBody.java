package dev.octroi.api.operator;

import dev.octroi.access.Es2Terms;
import dev.octroi.callback.message.NotificationPoints;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.notification.CardNotification;
import dev.octroi.rsp.order.ExternalProgress;
import dev.octroi.rsp.order.ProfileStep;
import dev.octroi.rsp.session.GsmaStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The body of ES2+.HandleDownloadProgressInfo (SGP.22 v2.5 §5.3.5, §6.5.2.5). Unknown fields are passed over. */
final class ProgressBody {
    /** Before there was remote provisioning, and far within what the database can keep. */
    private static final Instant EARLIEST = Instant.parse("2010-01-01T00:00:00Z");

    private final JsonObject json;
    private final Map<String, Integer> points;

    private ProgressBody(JsonObject json, Map<String, Integer> points) {
        this.json = json;
        this.points = points;
    }

    /**
     * Reads a body.
     *
     * @param terms which number the partner uses for which step
     * @return what is told; empty when it is of a kind that is not known here
     * @throws Es2Body.Refused when a mandatory field is missing (1.6/2.2), or the body or a field is malformed (1.6/2.1)
     */
    static Optional<ExternalProgress> read(@Nullable Buffer body, Es2Terms terms) throws Es2Body.Refused {
        JsonObject json = Es2Body.object(body);
        return new ProgressBody(json, terms.notificationPoints().orElse(NotificationPoints.LIFECYCLE.numbers())).read();
    }

    private Optional<ExternalProgress> read() throws Es2Body.Refused {
        String iccid = require("iccid", String.class);
        Instant at = instant(require("timestamp", String.class));
        int number = require("notificationPointId", Integer.class);
        Optional<String> eid = text("eid").filter(text -> !text.isEmpty());
        if (!Iccid.isValid(iccid) || !eid.map(Eid::isValid).orElse(true)) {
            throw new Es2Body.Refused(GsmaStatus.INVALID_INPUT);
        }
        Optional<CardNotification> notification = notification();
        GsmaStatus told = refusal();
        // The card itself knows best that nothing was installed.
        GsmaStatus refusal = told != null
                ? told
                : notification
                        .flatMap(ProgressBody::installFailure)
                        .map(CardNotification.InstallFailure::status)
                        .orElse(null);
        Optional<ProfileStep> step = notification.flatMap(ProgressBody::step).or(() -> step(number));
        return step.map(found -> new ExternalProgress(
                Iccid.ofText(iccid),
                eid.map(Eid::new).orElse(null),
                found,
                refusal,
                notification.map(CardNotification::sequenceNumber).orElse(-1L),
                at));
    }

    private static Instant instant(String text) throws Es2Body.Refused {
        try {
            Instant at = OffsetDateTime.parse(text).toInstant();
            if (!at.isBefore(EARLIEST)) {
                return at;
            }
        } catch (DateTimeException e) {
            // Refused like one that is out of range.
        }
        throw new Es2Body.Refused(GsmaStatus.INVALID_INPUT);
    }

    private @Nullable GsmaStatus refusal() throws Es2Body.Refused {
        JsonObject status = require("notificationPointStatus", JsonObject.class);
        String word = new ProgressBody(status, points).require("status", String.class);
        if (word.startsWith("Executed")) {
            return null;
        }
        if (!(status.getValue("statusCodeData") instanceof JsonObject codes)) {
            return new GsmaStatus("8", "4.2", "The SM-DP+ gave no reason.");
        }
        return GsmaStatus.told(
                orEmpty(codes.getValue("subjectCode")),
                orEmpty(codes.getValue("reasonCode")),
                orEmpty(codes.getValue("message")));
    }

    private static String orEmpty(@Nullable Object value) {
        return value instanceof String given ? given : "";
    }

    /** What the card signed, where it can be read; the server has proven it, and what cannot be read is left out. */
    private Optional<CardNotification> notification() {
        Optional<String> data = text("resultData").filter(text -> !text.isEmpty());
        if (data.isEmpty()) {
            return Optional.empty();
        }
        try {
            return CardNotification.read(Tlv.parse(Base64.getMimeDecoder().decode(data.get())));
        } catch (MalformedTlvException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<ProfileStep> step(CardNotification notification) {
        return switch (notification) {
            case CardNotification.InstallationResult result -> Optional.of(ProfileStep.INSTALLED);
            case CardNotification.StateChange change ->
                switch (change.event()) {
                    case INSTALL -> Optional.of(ProfileStep.INSTALLED);
                    case ENABLE -> Optional.of(ProfileStep.ENABLED);
                    case DISABLE -> Optional.of(ProfileStep.DISABLED);
                    case DELETE -> Optional.of(ProfileStep.DELETED);
                };
        };
    }

    private static Optional<CardNotification.InstallFailure> installFailure(CardNotification notification) {
        return notification instanceof CardNotification.InstallationResult result ? result.failure() : Optional.empty();
    }

    private Optional<ProfileStep> step(int number) {
        return points.entrySet().stream()
                .filter(entry -> entry.getValue() == number)
                .map(Map.Entry::getKey)
                // Where a cancelled download has the number of the download, only the status tells them apart.
                .min(Comparator.comparing((String word) -> word.equals("cancelled"))
                        .thenComparing(Comparator.naturalOrder()))
                .map(ProfileStep::of);
    }

    private Optional<String> text(String name) {
        return json.getValue(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private <T> T require(String name, Class<T> type) throws Es2Body.Refused {
        @Nullable Object value = json.getValue(name);
        if (value == null || value.equals("")) {
            throw new Es2Body.Refused(GsmaStatus.MISSING_INPUT);
        }
        if (!type.isInstance(value)) {
            throw new Es2Body.Refused(GsmaStatus.INVALID_INPUT);
        }
        return type.cast(value);
    }
}

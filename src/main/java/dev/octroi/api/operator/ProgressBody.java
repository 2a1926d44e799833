package dev.octroi.api.operator;

import dev.octroi.access.Es2Terms;
import dev.octroi.callback.NotificationPoints;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.notification.CardNotification;
import dev.octroi.rsp.order.ExternalProgress;
import dev.octroi.rsp.order.ProfileStep;
import dev.octroi.rsp.session.GsmaStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The body of ES2+.HandleDownloadProgressInfo (SGP.22 v2.5 §5.3.5, §6.5.2.5). Unknown fields are passed over. */
final class ProgressBody {
    private static final int MAX_CODE = 20;
    private static final int MAX_MESSAGE = 200;

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
     * @throws IllegalArgumentException when a mandatory field is missing or malformed; names the field and no value
     */
    static Optional<ExternalProgress> read(@Nullable Buffer body, Es2Terms terms) {
        JsonObject json;
        try {
            json = new JsonObject(body == null ? Buffer.buffer() : body);
        } catch (DecodeException e) {
            throw new IllegalArgumentException("the body is no JSON object", e);
        }
        return new ProgressBody(json, terms.notificationPoints().orElse(NotificationPoints.LIFECYCLE.numbers())).read();
    }

    private Optional<ExternalProgress> read() {
        String iccid = text("iccid").filter(Iccid::isValid).orElseThrow(() -> malformed("iccid"));
        @Nullable
        Eid eid = text("eid").filter(text -> !text.isEmpty()).map(this::eid).orElse(null);
        Instant at = text("timestamp").flatMap(ProgressBody::instant).orElseThrow(() -> malformed("timestamp"));
        Object point = json.getValue("notificationPointId");
        if (!(point instanceof Integer number)) {
            throw malformed("notificationPointId");
        }
        GsmaStatus refusal = refusal();
        Optional<CardNotification> notification = notification();
        Optional<ProfileStep> step = notification.flatMap(ProgressBody::step).or(() -> step(number));
        return step.map(found -> new ExternalProgress(
                Iccid.ofText(iccid),
                eid,
                found,
                refusal,
                notification.map(CardNotification::sequenceNumber).orElse(-1L),
                at));
    }

    private Eid eid(String text) {
        if (!Eid.isValid(text)) {
            throw malformed("eid");
        }
        return new Eid(text);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private @Nullable GsmaStatus refusal() {
        if (!(json.getValue("notificationPointStatus") instanceof JsonObject status)
                || !(status.getValue("status") instanceof String word)) {
            throw malformed("notificationPointStatus");
        }
        if (word.startsWith("Executed")) {
            return null;
        }
        if (!(status.getValue("statusCodeData") instanceof JsonObject codes)) {
            return new GsmaStatus("8", "4.2", "The SM-DP+ gave no reason.");
        }
        return new GsmaStatus(
                cut(codes.getValue("subjectCode"), MAX_CODE),
                cut(codes.getValue("reasonCode"), MAX_CODE),
                cut(codes.getValue("message"), MAX_MESSAGE));
    }

    private static String cut(@Nullable Object value, int length) {
        String text = value instanceof String given ? given : "";
        // A vendor's message may quote a number of a card.
        String safe = text.replaceAll("[0-9]{10,}", "…");
        return safe.length() <= length ? safe : safe.substring(0, length);
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

    private Optional<ProfileStep> step(int number) {
        return points.entrySet().stream()
                .filter(entry -> entry.getValue() == number)
                .map(Map.Entry::getKey)
                // A cancelled download has the number of the download; it never succeeds.
                .filter(word -> !word.equals("cancelled"))
                .findFirst()
                .map(ProfileStep::of);
    }

    private Optional<String> text(String name) {
        return json.getValue(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static IllegalArgumentException malformed(String field) {
        return new IllegalArgumentException("the field " + field + " is missing or malformed");
    }
}

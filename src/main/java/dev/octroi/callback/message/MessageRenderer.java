package dev.octroi.callback.message;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.call.Message;
import dev.octroi.callback.connector.IdentifierSource;
import dev.octroi.callback.outbox.ClaimedRow;
import dev.octroi.db.PublicId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Renders and signs what goes out. Pure but for the key. */
public final class MessageRenderer {
    /** Type of the messages on the stream {@code network}. */
    static final String POLICY_TYPE = "policy.desired";

    private static final DateTimeFormatter W3C_SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX");

    private final CallbackKey key;
    private final String functionRequester;

    /** @param functionRequester the SM-DP+ OID or name that operators know the gateway by on ES2+ */
    public MessageRenderer(CallbackKey key, String functionRequester) {
        this.key = requireNonNull(key, "key is null");
        this.functionRequester = requireNonNull(functionRequester, "functionRequester is null");
    }

    /**
     * The policy a network has to enforce. Body: {@code type}, {@code timestamp} and {@code data} with {@code iccid},
     * {@code imsi} where it is known, {@code subscription}, {@code version} and the members of the row's payload. A receiver ignores a
     * version that is not higher than the last one it took.
     */
    public Message network(ClaimedRow row, IdentifierSource.Identifiers identifiers, Instant now) {
        String subscription = PublicId.SUBSCRIPTION.format(row.key());
        JsonObject data = row.payload()
                .copy()
                .put("subscription", subscription)
                .put("iccid", identifiers.iccid().reveal())
                .put("version", row.toldVersion());
        identifiers.imsi().ifPresent(imsi -> data.put("imsi", imsi.reveal()));
        JsonObject body = new JsonObject()
                .put("type", POLICY_TYPE)
                .put("timestamp", row.createdAt().toString())
                .put("data", data);
        Message message = signed(PublicId.CALLBACK.format(row.id()), body, List.of(), now);
        Map<String, String> headers = new LinkedHashMap<>(message.headers());
        headers.put("Idempotency-Key", "\"" + subscription + ":" + row.toldVersion() + "\"");
        return new Message(headers, message.body());
    }

    /** An event for a reseller's endpoint. */
    Message webhook(ClaimedRow row, List<WebhookSecret> secrets, Instant now) {
        JsonObject body = new JsonObject()
                .put("id", PublicId.EVENT.format(row.id()))
                .put("type", requireNonNull(row.eventType(), "eventType is null"))
                .put(
                        "timestamp",
                        requireNonNull(row.eventAt(), "eventAt is null").toString())
                .put("data", requireNonNull(row.eventData(), "eventData is null"));
        return signed(PublicId.EVENT.format(row.id()), body, secrets, now);
    }

    /** Any body that is not in the outbox, such as the challenge at registration. */
    public Message signed(String id, JsonObject json, List<WebhookSecret> secrets, Instant now) {
        Buffer body = json.toBuffer();
        long seconds = now.getEpochSecond();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put(StandardSignature.ID, id);
        headers.put(StandardSignature.TIMESTAMP, Long.toString(seconds));
        headers.put(StandardSignature.SIGNATURE, StandardSignature.of(id, seconds, body.getBytes(), key, secrets));
        return new Message(headers, body);
    }

    /**
     * ES2+ handleDownloadProgressInfo (SGP.22 v2.5 §5.3.5); the operator answers 204.
     *
     * @param point number of the notification point
     * @param notification what the card reported, when it is a report of the card
     */
    Message es2(ClaimedRow row, IdentifierSource.Identifiers identifiers, int point, Optional<byte[]> notification) {
        JsonObject payload = row.payload();
        JsonObject status = new JsonObject().put("status", payload.getString("status", "Executed-Success"));
        if (payload.containsKey("subjectCode")) {
            JsonObject codes = new JsonObject()
                    .put("subjectCode", payload.getString("subjectCode"))
                    .put("reasonCode", payload.getString("reasonCode"));
            if (payload.containsKey("message")) {
                codes.put("message", payload.getString("message"));
            }
            status.put("statusCodeData", codes);
        }
        JsonObject body = new JsonObject()
                .put(
                        "header",
                        new JsonObject()
                                .put("functionRequesterIdentifier", functionRequester)
                                .put("functionCallIdentifier", PublicId.CALLBACK.format(row.id())));
        identifiers.eid().ifPresent(eid -> body.put("eid", eid.reveal()));
        body.put("iccid", identifiers.iccid().reveal())
                .put("profileType", payload.getString("profileType", "octroi"))
                .put(
                        "timestamp",
                        w3c(Instant.parse(
                                payload.getString("timestamp", row.createdAt().toString()))))
                .put("notificationPointId", point)
                .put("notificationPointStatus", status);
        notification.ifPresent(raw -> body.put("resultData", Base64.getEncoder().encodeToString(raw)));
        return new Message(
                Map.of("Content-Type", "application/json", "X-Admin-Protocol", "gsma/rsp/v2.5.0"), body.toBuffer());
    }

    private static String w3c(Instant at) {
        return W3C_SECONDS.format(at.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
    }
}

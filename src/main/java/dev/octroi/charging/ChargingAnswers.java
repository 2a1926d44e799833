package dev.octroi.charging;

import dev.octroi.quota.account.ChargeAnswer;
import dev.octroi.quota.account.VolumeGrant;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Renders a ChargingDataResponse (3GPP TS 32.291 §6.1.6.2.1.2): the same message gets the same bytes again. Pure. Written as
 * text, because nearly all of it is the same in every answer.
 */
final class ChargingAnswers {
    /** What makes a consumer report for a rating group. */
    private static final String GROUP_TRIGGERS =
            triggers(List.of("QUOTA_THRESHOLD", "QUOTA_EXHAUSTED", "VALIDITY_TIME"));
    /** What makes it report for the whole session: bytes before and after belong to different zones. */
    private static final String SESSION_TRIGGERS = triggers(List.of("PLMN_CHANGE", "RAT_CHANGE"));

    private final String finalUnit;

    /** @param topUpUrl where traffic is redirected to when the volume ends; empty: it ends */
    ChargingAnswers(Optional<URI> topUpUrl) {
        this.finalUnit = topUpUrl.map(url -> new JsonObject()
                        .put("finalUnitAction", "REDIRECT")
                        .put(
                                "redirectServer",
                                new JsonObject()
                                        .put("redirectAddressType", "URL")
                                        .put("redirectServerAddress", url.toString())))
                .orElseGet(() -> new JsonObject().put("finalUnitAction", "TERMINATE"))
                .encode();
    }

    /** The body of the answer, JSON. */
    String render(ChargingMessage message, ChargeAnswer answer, ChargingProfile profile) {
        Map<Long, String> upfs = upfs(message);
        StringBuilder body = new StringBuilder(768);
        body.append("{\"invocationTimeStamp\":\"")
                .append(answer.at())
                .append("\",\"invocationSequenceNumber\":")
                .append(message.sequence())
                .append(",\"sessionFailover\":\"FAILOVER_SUPPORTED\",\"triggers\":")
                .append(SESSION_TRIGGERS);
        String separator = ",\"multipleUnitInformation\":[";
        for (VolumeGrant grant : answer.grants()) {
            body.append(separator);
            group(body, grant, profile);
            String upf = upfs.get(grant.ratingGroup());
            if (upf != null) {
                body.append(",\"uPFID\":").append(Json.encode(upf));
            }
            body.append('}');
            separator = ",";
        }
        return body.append(answer.grants().isEmpty() ? "}" : "]}").toString();
    }

    /** The elements of a rating group, without the bracket that closes it. */
    private void group(StringBuilder body, VolumeGrant grant, ChargingProfile profile) {
        body.append("{\"ratingGroup\":")
                .append(grant.ratingGroup())
                .append(",\"resultCode\":\"")
                .append(grant.result().name())
                .append('"');
        if (grant.result() != VolumeGrant.Result.SUCCESS) {
            return;
        }
        body.append(",\"grantedUnit\":{\"totalVolume\":")
                .append(grant.bytes())
                .append("},\"triggers\":")
                .append(GROUP_TRIGGERS)
                .append(",\"validityTime\":")
                .append(grant.validitySeconds());
        if (grant.thresholdBytes() > 0) {
            boolean used = profile == ChargingProfile.FREE5GC;
            body.append(",\"volumeQuotaThreshold\":")
                    .append(used ? grant.bytes() - grant.thresholdBytes() : grant.thresholdBytes());
        }
        if (grant.isFinal()) {
            body.append(",\"finalUnitIndication\":").append(finalUnit);
        }
    }

    private static Map<Long, String> upfs(ChargingMessage message) {
        Map<Long, String> upfs = new HashMap<>();
        for (ChargingMessage.UnitUsage usage : message.usages()) {
            usage.upfId().ifPresent(id -> upfs.put(usage.ratingGroup(), id));
        }
        return upfs;
    }

    private static String triggers(List<String> types) {
        return types.stream()
                .map(type -> "{\"triggerCategory\":\"IMMEDIATE_REPORT\",\"triggerType\":\"" + type + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
    }
}

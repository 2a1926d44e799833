package dev.octroi.charging;

import dev.octroi.quota.ChargeAnswer;
import dev.octroi.quota.VolumeGrant;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Renders a ChargingDataResponse (3GPP TS 32.291 §6.1.6.2.1.2): the same message gets the same bytes again. Pure. */
final class ChargingAnswers {
    /** What makes a consumer report for a rating group. */
    private static final List<String> GROUP_TRIGGERS = List.of("QUOTA_THRESHOLD", "QUOTA_EXHAUSTED", "VALIDITY_TIME");
    /** What makes it report for the whole session: bytes before and after belong to different zones. */
    private static final List<String> SESSION_TRIGGERS = List.of("PLMN_CHANGE", "RAT_CHANGE");

    private final Optional<URI> topUpUrl;

    /** @param topUpUrl where traffic is redirected to when the volume ends; empty: it ends */
    ChargingAnswers(Optional<URI> topUpUrl) {
        this.topUpUrl = topUpUrl;
    }

    JsonObject render(ChargingMessage message, ChargeAnswer answer, ChargingProfile profile) {
        Map<Long, String> upfs = new HashMap<>();
        for (ChargingMessage.UnitUsage usage : message.usages()) {
            usage.upfId().ifPresent(id -> upfs.put(usage.ratingGroup(), id));
        }
        JsonArray groups = new JsonArray();
        for (VolumeGrant grant : answer.grants()) {
            JsonObject group = group(grant, profile);
            String upf = upfs.get(grant.ratingGroup());
            if (upf != null) {
                group.put("uPFID", upf);
            }
            groups.add(group);
        }
        JsonObject body = new JsonObject()
                .put("invocationTimeStamp", answer.at().toString())
                .put("invocationSequenceNumber", message.sequence())
                .put("sessionFailover", "FAILOVER_SUPPORTED")
                .put("triggers", triggers(SESSION_TRIGGERS));
        return groups.isEmpty() ? body : body.put("multipleUnitInformation", groups);
    }

    private JsonObject group(VolumeGrant grant, ChargingProfile profile) {
        JsonObject group = new JsonObject()
                .put("ratingGroup", grant.ratingGroup())
                .put("resultCode", grant.result().name());
        if (grant.result() != VolumeGrant.Result.SUCCESS) {
            return group;
        }
        group.put("grantedUnit", new JsonObject().put("totalVolume", grant.bytes()))
                .put("triggers", triggers(GROUP_TRIGGERS))
                .put("validityTime", grant.validitySeconds());
        if (grant.thresholdBytes() > 0) {
            boolean used = profile == ChargingProfile.FREE5GC;
            group.put("volumeQuotaThreshold", used ? grant.bytes() - grant.thresholdBytes() : grant.thresholdBytes());
        }
        if (grant.isFinal()) {
            group.put("finalUnitIndication", finalUnit());
        }
        return group;
    }

    private JsonObject finalUnit() {
        return topUpUrl.map(url -> new JsonObject()
                        .put("finalUnitAction", "REDIRECT")
                        .put(
                                "redirectServer",
                                new JsonObject()
                                        .put("redirectAddressType", "URL")
                                        .put("redirectServerAddress", url.toString())))
                .orElseGet(() -> new JsonObject().put("finalUnitAction", "TERMINATE"));
    }

    private static JsonArray triggers(List<String> types) {
        JsonArray triggers = new JsonArray();
        for (String type : types) {
            triggers.add(
                    new JsonObject().put("triggerCategory", "IMMEDIATE_REPORT").put("triggerType", type));
        }
        return triggers;
    }
}

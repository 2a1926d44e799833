package dev.octroi.charging;

import dev.octroi.quota.account.ChargeAnswer;
import dev.octroi.quota.account.Charged;
import dev.octroi.quota.account.VolumeGrant;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
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
    /** What a consumer has to be told where it keeps what it was granted last, but for this trigger without a grant. */
    private static final String NOTHING_LEFT = triggers(List.of("QUOTA_EXHAUSTED"));
    /** What makes it report for the whole session: bytes before and after belong to different zones. */
    private static final String SESSION_TRIGGERS = triggers(List.of("PLMN_CHANGE", "RAT_CHANGE"));
    /** The same where zones are smaller than a network; others are spared the messages. */
    private static final String AREA_TRIGGERS = triggers(List.of("PLMN_CHANGE", "RAT_CHANGE", "USER_LOCATION_CHANGE"));

    /** None of the optional features of TS 32.291 is supported (TS 29.500 §6.6.2). */
    private static final String NO_FEATURES = ",\"supportedFeatures\":\"0\"";

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
    String render(ChargingMessage message, Charged charged, ChargingProfile profile) {
        ChargeAnswer answer = charged.answer();
        StringBuilder body = new StringBuilder(768);
        body.append("{\"invocationTimeStamp\":\"")
                .append(answer.at())
                .append("\",\"invocationSequenceNumber\":")
                .append(message.sequence())
                .append(message.namesFeatures() ? NO_FEATURES : "")
                .append(",\"sessionFailover\":\"FAILOVER_SUPPORTED\",\"triggers\":")
                .append(charged.byArea() ? AREA_TRIGGERS : SESSION_TRIGGERS);
        String separator = ",\"multipleUnitInformation\":[";
        for (VolumeGrant grant : answer.grants()) {
            List<String> upfs = upfs(message, grant.ratingGroup());
            for (int i = 0; i < upfs.size(); i++) {
                body.append(separator);
                group(body, part(grant, i, upfs.size()), profile);
                end(body, upfs.get(i));
                separator = ",";
            }
        }
        for (ChargingMessage.UnitUsage usage : message.askingTooMany()) {
            body.append(separator);
            group(body, VolumeGrant.none(usage.ratingGroup(), VolumeGrant.Result.QUOTA_LIMIT_REACHED), profile);
            end(body, usage.upfId().orElse(""));
            separator = ",";
        }
        return body.append(separator.equals(",") ? "]}" : "}").toString();
    }

    private static void end(StringBuilder body, String upf) {
        if (!upf.isEmpty()) {
            body.append(",\"uPFID\":").append(Json.encode(upf));
        }
        body.append('}');
    }

    /** The share of one of several UPFs: quota is managed by rating group (TS 32.255 §5.2.1.1), each gets an equal part of it. */
    private static VolumeGrant part(VolumeGrant grant, int place, int parts) {
        if (parts == 1) {
            return grant;
        }
        long bytes = VolumeGrant.partOf(grant.bytes(), place, parts);
        return new VolumeGrant(
                grant.ratingGroup(),
                grant.result(),
                bytes,
                Math.min(bytes, grant.thresholdBytes() / parts),
                grant.validitySeconds(),
                grant.isFinal());
    }

    /** The elements of a rating group, without the bracket that closes it. */
    private void group(StringBuilder body, VolumeGrant grant, ChargingProfile profile) {
        body.append("{\"ratingGroup\":")
                .append(grant.ratingGroup())
                .append(",\"resultCode\":\"")
                .append(grant.result().name())
                .append('"');
        if (grant.result() != VolumeGrant.Result.SUCCESS) {
            if (profile == ChargingProfile.FREE5GC) {
                body.append(",\"triggers\":").append(NOTHING_LEFT);
            }
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

    /** The UPFs of a rating group that ask, one without a name where none is named. */
    private static List<String> upfs(ChargingMessage message, long ratingGroup) {
        List<String> upfs = new ArrayList<>(1);
        for (ChargingMessage.UnitUsage usage : message.asking()) {
            if (usage.ratingGroup() == ratingGroup) {
                upfs.add(usage.upfId().orElse(""));
            }
        }
        // The same number stood for another message before.
        return upfs.isEmpty() ? List.of("") : upfs;
    }

    private static String triggers(List<String> types) {
        return types.stream()
                .map(type -> "{\"triggerCategory\":\"IMMEDIATE_REPORT\",\"triggerType\":\"" + type + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
    }
}

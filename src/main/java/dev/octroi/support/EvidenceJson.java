package dev.octroi.support;

import dev.octroi.policy.Policy;
import dev.octroi.policy.Speed;
import dev.octroi.quota.DecisionView;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.UsagePoint;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** Parts of an evidence pack. */
final class EvidenceJson {
    private EvidenceJson() {}

    static JsonObject account(AccountView account) {
        JsonArray buckets = new JsonArray();
        for (Bucket bucket : account.buckets()) {
            buckets.add(new JsonObject()
                    .put("kind", bucket.kind().word())
                    .put("reason", bucket.reason())
                    .put("quotaBytes", bucket.quotaBytes())
                    .put("usedBytes", bucket.usedBytes()));
        }
        return new JsonObject()
                .put("usedBytes", account.usedBytes())
                .put("remainingBytes", account.remainingBytes())
                .put("beyondBytes", account.beyondBytes())
                .put("buckets", buckets)
                .put("timeZone", account.timeZone().getId())
                .put("policy", policy(account.policy()));
    }

    static JsonArray usage(List<UsagePoint> hours) {
        JsonArray list = new JsonArray();
        for (UsagePoint hour : hours) {
            list.add(new JsonObject()
                    .put("hour", hour.from().toString())
                    .put("zone", hour.zone())
                    .put("category", hour.category())
                    .put("network", hour.plmn())
                    .put("upBytes", hour.upBytes())
                    .put("downBytes", hour.downBytes()));
        }
        return list;
    }

    static JsonArray decisions(List<DecisionView> decisions) {
        JsonArray list = new JsonArray();
        for (DecisionView decision : decisions) {
            list.add(policy(decision.policy())
                    .put("at", decision.decidedAt().toString())
                    .put("inputs", decision.inputs()));
        }
        return list;
    }

    private static JsonObject policy(Policy policy) {
        JsonObject json = new JsonObject()
                .put("version", policy.version())
                .put("level", policy.level().word())
                .put("reason", policy.reasonCode())
                .put("untilKind", policy.until().word());
        Speed speed = policy.speed();
        if (speed != null) {
            json.put("kbpsDown", speed.downKbps()).put("kbpsUp", speed.upKbps());
        }
        if (!policy.blockedCategories().isEmpty()) {
            json.put("blockedCategories", new JsonArray(policy.blockedCategories()));
        }
        Instant until = policy.until().moment();
        if (until != null) {
            json.put("until", until.toString());
        }
        return json;
    }
}

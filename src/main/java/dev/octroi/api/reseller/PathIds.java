package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.ApiCall;

/** Identifiers in paths. */
final class PathIds {
    private PathIds() {}

    static long plan(ApiCall call) {
        return read(call, "planId", PublicId.PLAN);
    }

    static long zone(ApiCall call) {
        return read(call, "zoneId", PublicId.ZONE);
    }

    static long order(ApiCall call) {
        return read(call, "orderId", PublicId.ORDER);
    }

    static long subscription(ApiCall call) {
        return read(call, "subscriptionId", PublicId.SUBSCRIPTION);
    }

    static long webhook(ApiCall call) {
        return read(call, "webhookId", PublicId.WEBHOOK);
    }

    static long event(ApiCall call) {
        return read(call, "eventId", PublicId.EVENT);
    }

    static long supportCase(ApiCall call) {
        return read(call, "caseId", PublicId.CASE);
    }

    /** The contract has checked the form; 65 bits in it are nobody's identifier. */
    private static long read(ApiCall call, String name, PublicId kind) {
        return kind.parse(call.path(name)).orElseThrow(Refusals::notFound);
    }
}

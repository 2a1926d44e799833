package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.ProblemException;
import dev.octroi.http.Reply;
import dev.octroi.subscription.ActivationCode;
import dev.octroi.subscription.InstallLinks;
import dev.octroi.subscription.QrImage;
import dev.octroi.subscription.SubscriptionProfile;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** {@code GET /subscriptions/{subscriptionId}/activation}: as JSON, SVG or PNG; never from or into a cache. */
final class GetActivationHandler implements OperationHandler {
    private static final List<String> OFFERED = List.of("application/json", "image/svg+xml", "image/png");

    private final TenantCalls calls;
    private final SubscriptionReader reader;
    private final InstantSource clock;

    GetActivationHandler(TenantCalls calls, SubscriptionReader reader, InstantSource clock) {
        this.calls = calls;
        this.reader = reader;
        this.clock = clock;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        String mediaType = Accept.preferred(call, OFFERED);
        return calls.run(
                        call,
                        (connection, caller) -> reader.find(call, connection)
                                .compose(subscription -> reader.profile(connection, caller, subscription)))
                .map(profile -> reply(profile, mediaType, clock.instant())
                        .withHeader("Cache-Control", "no-store")
                        .withHeader("Vary", "Accept")
                        .withHeader("Referrer-Policy", "no-referrer"));
    }

    private static Reply reply(SubscriptionProfile profile, String mediaType, Instant now) {
        if (profile.activation().isEmpty()) {
            throw notThere(profile);
        }
        String state = state(profile, now);
        if (!mediaType.equals("application/json") && !state.equals("available")) {
            // Better no picture than one that every phone refuses.
            throw Refusals.conflict(
                    "activation_" + state,
                    state.equals("used") ? "The activation code was used" : "The time of the activation code is over");
        }
        return switch (mediaType) {
            case "image/svg+xml" ->
                Reply.of(200, mediaType, Buffer.buffer(QrImage.of(code(profile)).svg()));
            case "image/png" ->
                Reply.of(200, mediaType, Buffer.buffer(QrImage.of(code(profile)).png()));
            default -> Reply.ok(json(profile, state));
        };
    }

    private static ProblemException notThere(SubscriptionProfile profile) {
        return switch (profile.state()) {
            case SubscriptionProfile.FAILED ->
                Refusals.conflict("order_failed", "The SM-DP+ refused the order of the profile");
            case SubscriptionProfile.ORDERED, "released", "downloaded" ->
                Refusals.conflict("activation_pending", "The profile is ordered and not there yet")
                        .withHeader("Retry-After", "2");
            default ->
                Refusals.conflict("activation_gone", "The profile was taken out of use and has no code any more");
        };
    }

    private static String state(SubscriptionProfile profile, Instant now) {
        if (profile.isAvailable(now)) {
            return "available";
        }
        return profile.isExpired(now) ? "expired" : "used";
    }

    private static String code(SubscriptionProfile profile) {
        return profile.activation().orElseThrow().text();
    }

    private static JsonObject json(SubscriptionProfile profile, String state) {
        ActivationCode code = profile.activation().orElseThrow();
        InstallLinks links = InstallLinks.of(code);
        JsonObject json = new JsonObject();
        Times.put(json, "expiresAt", profile.expiresAt().orElse(null));
        return json.put("code", code.text())
                .put("smdpAddress", code.smdpAddress())
                .put("matchingId", code.matchingId())
                .put("confirmationCodeRequired", code.confirmationCodeRequired())
                .put("state", state)
                .put(
                        "links",
                        new JsonObject()
                                .put("ios", links.ios())
                                .put("android", links.android())
                                .put("iosEncoded", links.iosEncoded())
                                .put("androidEncoded", links.androidEncoded()));
    }
}

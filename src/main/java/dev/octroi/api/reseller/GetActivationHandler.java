package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.OperationHandler;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.http.Reply;
import dev.octroi.subscription.ActivationCode;
import dev.octroi.subscription.InstallLinks;
import dev.octroi.subscription.QrImage;
import dev.octroi.subscription.SubscriptionProfile;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code GET /subscriptions/{subscriptionId}/activation}: as JSON, SVG or PNG; never from or into a cache. */
final class GetActivationHandler implements OperationHandler {
    private static final List<String> OFFERED = List.of("application/json", "image/svg+xml", "image/png");

    private final TenantCalls calls;
    private final SubscriptionReader reader;

    GetActivationHandler(TenantCalls calls, SubscriptionReader reader) {
        this.calls = calls;
        this.reader = reader;
    }

    @Override
    public Future<Reply> handle(ApiCall call) {
        String mediaType = Accept.preferred(call, OFFERED);
        return calls.run(
                        call,
                        (connection, caller) -> reader.find(call, connection)
                                .compose(subscription -> reader.profile(connection, caller, subscription)))
                .map(profile -> reply(profile, mediaType)
                        .withHeader("Cache-Control", "no-store")
                        .withHeader("Vary", "Accept")
                        .withHeader("Referrer-Policy", "no-referrer"));
    }

    private static Reply reply(SubscriptionProfile profile, String mediaType) {
        if (profile.activation().isEmpty()) {
            throw notThere(profile);
        }
        if (!mediaType.equals("application/json") && !profile.isAvailable()) {
            // Better no picture than one that every phone refuses.
            throw Problem.of(ProblemType.CONFLICT, "The activation code was used")
                    .withCode("activation_used")
                    .toException();
        }
        return switch (mediaType) {
            case "image/svg+xml" ->
                Reply.of(200, mediaType, Buffer.buffer(QrImage.of(code(profile)).svg()));
            case "image/png" ->
                Reply.of(200, mediaType, Buffer.buffer(QrImage.of(code(profile)).png()));
            default -> Reply.ok(json(profile));
        };
    }

    private static ProblemException notThere(SubscriptionProfile profile) {
        return profile.state().equals(SubscriptionProfile.FAILED)
                ? Problem.of(ProblemType.CONFLICT, "The SM-DP+ refused the order of the profile")
                        .withCode("order_failed")
                        .toException()
                : Problem.of(ProblemType.CONFLICT, "The profile is ordered and not there yet")
                        .withCode("activation_pending")
                        .toException()
                        .withHeader("Retry-After", "2");
    }

    private static String code(SubscriptionProfile profile) {
        return profile.activation().orElseThrow().text();
    }

    private static JsonObject json(SubscriptionProfile profile) {
        ActivationCode code = profile.activation().orElseThrow();
        InstallLinks links = InstallLinks.of(code);
        return new JsonObject()
                .put("code", code.text())
                .put("smdpAddress", code.smdpAddress())
                .put("matchingId", code.matchingId())
                .put("confirmationCodeRequired", code.confirmationCodeRequired())
                .put("state", profile.isAvailable() ? "available" : "used")
                .put(
                        "links",
                        new JsonObject()
                                .put("ios", links.ios())
                                .put("android", links.android())
                                .put("iosEncoded", links.iosEncoded())
                                .put("androidEncoded", links.androidEncoded()));
    }
}

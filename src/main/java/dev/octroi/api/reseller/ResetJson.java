package dev.octroi.api.reseller;

import dev.octroi.db.PublicId;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.rsp.order.ProfileChange;
import dev.octroi.rsp.order.ProfileRow;
import dev.octroi.rsp.order.ResetOutcome;
import dev.octroi.rsp.order.ResetRequest;
import dev.octroi.rsp.order.ResetRequest.Wish;
import dev.octroi.secret.Sensitive;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;

/** A reset as the Reseller and the Admin API speak of it. */
public final class ResetJson {
    private ResetJson() {}

    /**
     * Reads a body that the contract has checked.
     *
     * @param actor {@code reseller} or {@code admin}
     * @throws ProblemException 422 for an end that is no moment
     */
    public static ResetRequest read(JsonObject body, String actor) {
        return new ResetRequest(
                body.getString("code", "keep").equals("new"),
                body.getString("device", "keep").equals("free"),
                expiresAt(body),
                confirmationCode(body),
                new ProfileChange.Note(actor, Reasons.read(body)));
    }

    private static Wish<Instant> expiresAt(JsonObject body) {
        if (!body.containsKey("expiresAt")) {
            return new Wish.Keep<>();
        }
        String at = body.getString("expiresAt");
        return at == null
                ? new Wish.Drop<>()
                : new Wish.Put<>(Times.parse(at)
                        .orElseThrow(() ->
                                Refusals.unprocessable("invalid_moment", "expiresAt is not a moment with an offset")));
    }

    private static Wish<Sensitive<String>> confirmationCode(JsonObject body) {
        if (!body.containsKey("confirmationCode")) {
            return new Wish.Keep<>();
        }
        String code = body.getString("confirmationCode");
        return code == null ? new Wish.Drop<>() : new Wish.Put<>(Sensitive.of(code));
    }

    /** What the reset has come to; the code itself is read from the activation. */
    public static JsonObject write(long subscriptionId, ResetRequest request, ProfileRow profile) {
        String subscription = PublicId.SUBSCRIPTION.format(subscriptionId);
        JsonObject json = new JsonObject()
                .put("subscriptionId", subscription)
                .put("state", profile.status().state().text())
                .put("codeChanged", request.freshCode())
                .put("deviceBound", profile.status().card() != null)
                .put("confirmationCodeRequired", profile.needsConfirmation())
                .put("activationUrl", "/v1/subscriptions/" + subscription + "/activation");
        Instant end = profile.limits().expiresAt();
        if (end != null) {
            json.put("expiresAt", Times.text(end));
        }
        return json;
    }

    /** What the audit log keeps beside the reason; nothing of the codes. */
    public static Map<String, Object> audited(ResetRequest request) {
        return Map.of(
                "code",
                request.freshCode() ? "new" : "keep",
                "device",
                request.liftCard() ? "free" : "keep",
                "expiresAt",
                word(request.expiresAt()),
                "confirmationCode",
                word(request.confirmationCode()));
    }

    private static String word(Wish<?> wish) {
        return switch (wish) {
            case Wish.Keep<?> keep -> "keep";
            case Wish.Drop<?> drop -> "none";
            case Wish.Put<?> put -> "new";
        };
    }

    /** 409 for the state of the profile, 422 for what the request asks of it. */
    public static ProblemException problem(ResetOutcome.Refused refused) {
        ResetOutcome.Reason reason = refused.reason();
        ProblemType type = reason.isOfTheRequest() ? ProblemType.UNPROCESSABLE : ProblemType.CONFLICT;
        return Problem.of(type, reason.sentence()).withCode(reason.word()).toException();
    }
}

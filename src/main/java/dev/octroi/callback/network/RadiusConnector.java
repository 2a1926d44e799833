package dev.octroi.callback.network;

import dev.octroi.callback.connector.IdentifierSource;
import dev.octroi.callback.connector.RadiusAddress;
import dev.octroi.callback.outbox.ClaimedRow;
import dev.octroi.callback.outbox.Taken;
import dev.octroi.radius.DynamicAuthorizationRequest;
import dev.octroi.radius.DynamicAuthorizationRequest.Answer;
import dev.octroi.radius.DynamicAuthorizationRequest.Kind;
import dev.octroi.radius.DynamicAuthorizationRequest.Wish;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** Tells policies to network elements that take CoA and Disconnect requests (RFC 5176), and judges what they answer. */
public final class RadiusConnector {
    private static final int IDENTIFIERS = 256;
    private static final int SESSION_NOT_FOUND = 503;
    /** Within two minutes or so: by then the element knows a session whose start was told before it was ready. */
    private static final int ATTEMPTS_WITHOUT_SESSION = 8;

    private static final int RESOURCES_UNAVAILABLE = 506;
    private static final int ADMINISTRATIVELY_PROHIBITED = 501;
    private static final int FIRST_OF_BAD_REQUESTS = 401;
    private static final int LAST_OF_BAD_REQUESTS = 407;

    private final DynamicAuthorization client;
    private final RadiusSecrets secrets;
    private final RandomGenerator random;
    private final long timeoutMs;

    public RadiusConnector(Vertx vertx, RadiusSecrets secrets, RandomGenerator random, long timeoutMs) {
        this.client = new DynamicAuthorization(vertx);
        this.secrets = secrets;
        this.random = random;
        this.timeoutMs = timeoutMs;
    }

    /**
     * Sends a policy.
     *
     * @param to the element
     * @param identifiers whose sessions it is about
     */
    Future<Taken> send(ClaimedRow row, RadiusAddress to, IdentifierSource.Identifiers identifiers, Instant now) {
        byte[] secret = secrets.of(to.host()).orElse(null);
        if (secret == null) {
            return withheld("no RADIUS client with the partner's address is configured");
        }
        String imsi = identifiers.imsi().map(known -> known.reveal()).orElse(null);
        if (imsi == null) {
            return withheld("the profile's IMSI is not known");
        }
        Wish wish = RadiusPolicy.of(row.payload(), imsi);
        DynamicAuthorizationRequest request =
                DynamicAuthorizationRequest.of(wish, random.nextInt(IDENTIFIERS), secret, now.getEpochSecond());
        return client.send(to, request, secret, timeoutMs).map(answer -> judge(wish.kind(), row.attempts(), answer));
    }

    private static Future<Taken> withheld(String error) {
        return Future.succeededFuture(Taken.withheld(error));
    }

    /**
     * What there is no session of is ended already. There is nothing to change either, and at the start of the next session it is
     * told again (by {@code PolicyRetelling}), so a device that is gone for good is not asked for for ever.
     */
    private static Taken judge(Kind kind, int attempts, Answer answer) {
        int cause = answer.errorCause().orElse(0);
        boolean nothingThere =
                cause == SESSION_NOT_FOUND && (kind == Kind.DISCONNECT || attempts >= ATTEMPTS_WITHOUT_SESSION);
        if (answer.acknowledged() || nothingThere) {
            return Taken.delivered(null);
        }
        String error = kind.word() + "-NAK" + (cause == 0 ? "" : ", Error-Cause " + cause);
        boolean refused = (cause >= FIRST_OF_BAD_REQUESTS && cause <= LAST_OF_BAD_REQUESTS)
                || cause == ADMINISTRATIVELY_PROHIBITED;
        if (refused) {
            return Taken.dead(null, error);
        }
        boolean busy = cause == RESOURCES_UNAVAILABLE;
        return busy ? Taken.again(null, error) : Taken.waiting(error);
    }
}

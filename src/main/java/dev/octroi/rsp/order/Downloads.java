package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.ChainVerifier;
import dev.octroi.rsp.session.CancelSession;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.InitiateAuthentication;
import dev.octroi.rsp.session.InitiatedSessions;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.rsp.session.ServerIdentity;
import dev.octroi.rsp.session.TransactionId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The functions of ES9+ (SGP.22 §5.6) over the database. Several gateways may share one database: what a process
 * remembers of a session saves it a read and decides nothing by itself. May be called from any event loop.
 */
public final class Downloads {
    /** How long a device may take from the first message to the last. */
    public static final Duration SESSION_LIFETIME = Duration.ofMinutes(30);

    /** How many profiles are protected ahead of their download in one transaction; a phone that comes for one of them waits for it. */
    public static final int PROTECTED_AT_ONCE = 10;

    private static final int MAX_COMPUTATION_SECONDS = 10;

    private final Es9Ground ground;
    private final InitiateAuthentication initiate;
    private final AuthenticateFunction authenticate;
    private final DownloadFunction download;
    private final CancelFunction cancel;
    private final NotificationFunction notification;
    private final ProtectionFunction protection;
    private final StatusWriter writer;

    /**
     * What an authenticated card is offered.
     *
     * @param transactionId of the session
     * @param metadata the element BF25
     * @param smdpSigned2 the element 30
     * @param smdpSignature2 the element 5F37
     * @param smdpCertificate CERT.DPpb
     */
    public record Offered(
            TransactionId transactionId, Tlv metadata, Tlv smdpSigned2, Tlv smdpSignature2, Tlv smdpCertificate) {}

    /**
     * Wires the functions.
     *
     * @param workers threads for cryptography, about one for each processor
     * @param identity who this server is at the moment; may change when certificates are replaced
     * @param listener hears of each step
     * @param isOperatorSet whether the settings name an operator's address: it hears of all steps. Else only registered
     *     operators do, and what nobody can hear is not kept for them
     */
    public Downloads(
            Vertx vertx,
            Database database,
            int workers,
            Supplier<ServerIdentity> identity,
            ProfileVault vault,
            ProfileKinds kinds,
            ProfileListener listener,
            boolean isOperatorSet,
            Ids ids,
            InstantSource clock,
            SecureRandom random) {
        requireNonNull(vertx, "vertx is null");
        this.ground = new Es9Ground(
                database,
                vertx.createSharedWorkerExecutor("rsp", workers, MAX_COMPUTATION_SECONDS, TimeUnit.SECONDS),
                identity,
                vault,
                kinds,
                new InitiatedSessions(vault.sessionKey(), SESSION_LIFETIME, random),
                new SessionStore(vault, SESSION_LIFETIME),
                new ProgressRecorder(ids, vault, listener, isOperatorSet),
                clock,
                random);
        ChainVerifier chains = new ChainVerifier();
        this.writer = new StatusWriter(ground, vertx);
        this.initiate = new InitiateAuthentication(ground.initiated, random);
        this.authenticate = new AuthenticateFunction(vertx, ground, writer, chains);
        this.download = new DownloadFunction(ground, writer);
        this.cancel = new CancelFunction(ground, writer);
        this.protection = new ProtectionFunction(ground);
        this.notification = new NotificationFunction(ground, writer, chains);
    }

    /** ES9+.InitiateAuthentication. */
    public Future<Outcome<InitiateAuthentication.Answer>> initiateAuthentication(
            InitiateAuthentication.Request request) {
        ServerIdentity server = ground.identity.get();
        return sound(Computations.here(() -> initiate.choose(server, request)).compose(chosen -> switch (chosen) {
            case Outcome.Failed<InitiateAuthentication.Beginning> failed ->
                Future.succeededFuture(Outcome.failed(failed.status()));
            case Outcome.Done<InitiateAuthentication.Beginning> done -> {
                InitiateAuthentication.Beginning beginning = done.value();
                yield ground.compute(
                                beginning.credential().bindingCurve(),
                                () -> initiate.open(server, request, beginning, ground.now()))
                        .map(Outcome::done);
            }
        }));
    }

    /** ES9+.AuthenticateClient; the response is the element BF38. */
    public Future<Outcome<Offered>> authenticateClient(TransactionId transactionId, Tlv response) {
        return sound(authenticate.run(transactionId, response));
    }

    /** ES9+.GetBoundProfilePackage; the response is the element BF21, the result the element BF36. */
    public Future<Outcome<byte[]>> getBoundProfilePackage(TransactionId transactionId, Tlv response) {
        return sound(download.run(transactionId, response));
    }

    /** ES9+.CancelSession; the response is the element BF41. */
    public Future<Outcome<CancelSession.Reason>> cancelSession(TransactionId transactionId, Tlv response) {
        return sound(cancel.run(transactionId, response));
    }

    /** ES9+.HandleNotification; fails only with MalformedTlvException, or when the database cannot be reached. */
    public Future<Void> handleNotification(Tlv pending) {
        return notification.run(pending);
    }

    /** Removes sessions whose time is over; gives their number, at most 10,000 at once. For a job. */
    public Future<Integer> sweepSessions() {
        return ground.sessions.sweep(ground.pool(), ground.now());
    }

    /** Protects released profiles ahead of their download; gives how many it looked at. For a job. */
    public Future<Integer> protectAhead() {
        return protection.run();
    }

    StatusWriter writer() {
        return writer;
    }

    Es9Ground ground() {
        return ground;
    }

    /** Bytes that cannot be read are the sender's fault and have a status of their own. */
    private static <T> Future<Outcome<T>> sound(Future<Outcome<T>> future) {
        return future.recover(failure -> failure instanceof MalformedTlvException
                ? Future.succeededFuture(Outcome.failed(GsmaStatus.INVALID_INPUT))
                : Future.failedFuture(failure));
    }
}

package dev.octroi.rsp.order;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.session.CancelSession;
import dev.octroi.rsp.session.CancelSession.Reason;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.rsp.session.ServerCredential;
import dev.octroi.rsp.session.TransactionId;
import io.vertx.core.Future;
import java.util.Optional;

/** ES9+.CancelSession over sessions and profiles. */
final class CancelFunction {
    private final Es9Ground ground;
    private final StatusWriter writer;

    CancelFunction(Es9Ground ground, StatusWriter writer) {
        this.ground = ground;
        this.writer = writer;
    }

    Future<Outcome<Reason>> run(TransactionId transactionId, Tlv response) {
        return ground.sessions.find(ground.pool(), transactionId, ground.now()).compose(stored -> {
            if (stored.isEmpty()) {
                return done(GsmaStatus.TRANSACTION_UNKNOWN);
            }
            SessionStore.Stored session = stored.get();
            Optional<ServerCredential> credential =
                    ground.identity.get().credential(session.state().credentialKeyId());
            if (credential.isEmpty()) {
                return done(GsmaStatus.TRANSACTION_UNKNOWN);
            }
            Curve curve = session.state().authenticated().orElseThrow().curve();
            return ground.compute(
                            curve,
                            () -> CancelSession.verify(
                                    session.state(),
                                    transactionId,
                                    credential.get().oid(),
                                    response))
                    .compose(outcome -> {
                        if (outcome instanceof Outcome.Done<Reason> reason) {
                            return ground.retrying(
                                    session.profile(), profile -> apply(session, profile, reason.value()));
                        }
                        return Future.succeededFuture(outcome);
                    });
        });
    }

    private Future<Outcome<Reason>> apply(SessionStore.Stored session, ProfileRow profile, Reason reason) {
        TransactionId transactionId = session.state().transactionId();
        if (!session.isOfTheLifeOf(profile)) {
            return ground.sessions
                    .end(ground.pool(), transactionId)
                    .map(Outcome.<Reason>failed(GsmaStatus.TRANSACTION_UNKNOWN));
        }
        if (!profile.status().state().isPending() || isAnotherCards(profile, session)) {
            return ground.sessions.end(ground.pool(), transactionId).map(Outcome.done(reason));
        }
        ProfileStatus next = reason.isTerminal()
                ? profile.status().failed(ErrorCause.CANCELLED, reason.status().detail())
                : postponed(profile.status(), transactionId);
        return writer.write(
                        new StatusWriter.Step(profile, next, ProfileStep.CANCELLED, reason.status(), null, -1)
                                .of(session.state()
                                        .authenticated()
                                        .orElseThrow()
                                        .eid()),
                        ground.sessions.ended(transactionId))
                .map(Outcome.done(reason))
                .recover(failure -> failure instanceof StatusWriter.Closed
                        ? done(GsmaStatus.TRANSACTION_UNKNOWN)
                        : Future.failedFuture(failure));
    }

    /** Several cards may be admitted with one code: once one has fetched the profile, the others have no say in it. */
    private boolean isAnotherCards(ProfileRow profile, SessionStore.Stored session) {
        ProfileStatus.CardReference card = profile.status().card();
        Eid cancelling = session.state().authenticated().orElseThrow().eid();
        return card != null && !card.index().equals(ground.vault.eidIndex(cancelling));
    }

    /** A traveller who comes back later has not used up an attempt, unless a package was made. */
    private static ProfileStatus postponed(ProfileStatus status, TransactionId transactionId) {
        ProfileStatus.BindingReference last = status.binding();
        boolean fetched = last != null && last.transactionId().equals(transactionId);
        return fetched ? status : status.withAttempts(-1);
    }

    private static Future<Outcome<Reason>> done(GsmaStatus status) {
        return Future.succeededFuture(Outcome.failed(status));
    }
}

package dev.octroi.rsp.order;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.bound.Binding;
import dev.octroi.rsp.bound.BoundPackage;
import dev.octroi.rsp.bound.ProtectedProfile;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.rsp.session.PrepareDownload;
import dev.octroi.rsp.session.PrepareDownload.Prepared;
import dev.octroi.rsp.session.RspSession;
import dev.octroi.rsp.session.ServerCredential;
import dev.octroi.rsp.session.TransactionId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ES9+.GetBoundProfilePackage over sessions and profiles. */
final class DownloadFunction {
    private static final Logger log = LoggerFactory.getLogger(DownloadFunction.class);

    private final Es9Ground ground;
    private final StatusWriter writer;

    DownloadFunction(Es9Ground ground, StatusWriter writer) {
        this.ground = ground;
        this.writer = writer;
    }

    Future<Outcome<byte[]>> run(TransactionId transactionId, Tlv response) {
        Future<Optional<SessionStore.Stored>> found = ground.recent
                .take(transactionId, ground.now())
                // A package that is asked for again is looked for where it is kept.
                .filter(recent -> !recent.hasPackage())
                .map(recent -> Future.succeededFuture(Optional.of(recent)))
                .orElseGet(() -> ground.sessions.find(ground.pool(), transactionId, ground.now()));
        return found.compose(stored ->
                stored.isEmpty() ? done(GsmaStatus.TRANSACTION_UNKNOWN) : run(stored.get(), transactionId, response));
    }

    private Future<Outcome<byte[]>> run(SessionStore.Stored stored, TransactionId transactionId, Tlv response) {
        RspSession session = stored.state();
        Optional<ServerCredential> credential = ground.identity.get().credential(session.credentialKeyId());
        if (credential.isEmpty()) {
            return done(GsmaStatus.TRANSACTION_UNKNOWN);
        }
        return ground.compute(
                        credential.get().bindingCurve(),
                        () -> PrepareDownload.verify(
                                session, transactionId, credential.get().bindingCurve(), response))
                .compose(verified -> verified instanceof Outcome.Done<Prepared> prepared
                        ? ground.retrying(
                                stored,
                                now -> now.isEmpty()
                                        ? done(GsmaStatus.TRANSACTION_UNKNOWN)
                                        : deliver(now.get(), credential.get(), prepared.value()))
                        : refuse(stored, transactionId, ((Outcome.Failed<Prepared>) verified).status()));
    }

    /** Ends the session and says so in the timeline of the profile that it is about. */
    private Future<Outcome<byte[]>> refuse(SessionStore.Stored stored, TransactionId transactionId, GsmaStatus status) {
        if (status.equals(GsmaStatus.TRANSACTION_UNKNOWN)) {
            return done(status);
        }
        return ground.retrying(
                        stored.profile(),
                        profile -> stored.isOfTheLifeOf(profile) ? tell(stored, profile, status) : done(status))
                .compose(told -> refuse(transactionId, status));
    }

    /** A refusal that changes nothing but the timeline. */
    private Future<Outcome<byte[]>> tell(SessionStore.Stored stored, ProfileRow profile, GsmaStatus status) {
        return writer.write(StatusWriter.Step.refused(profile, ProfileStep.DOWNLOADED, status, null)
                        .of(card(stored.state())))
                .compose(done -> done(status));
    }

    private Future<Outcome<byte[]>> refuse(TransactionId transactionId, GsmaStatus status) {
        return ground.sessions.end(ground.pool(), transactionId).compose(ended -> done(status));
    }

    private Future<Outcome<byte[]>> deliver(
            SessionStore.Stored stored, ServerCredential credential, Prepared prepared) {
        ProfileRow profile = stored.profile();
        if (!stored.isOfTheLifeOf(profile)) {
            return refuse(stored.state().transactionId(), GsmaStatus.TRANSACTION_UNKNOWN);
        }
        Optional<GsmaStatus> closed = refusalByState(profile);
        if (closed.isPresent()) {
            return tell(stored, profile, closed.get());
        }
        if (isAnotherCards(profile, stored.state())) {
            return tell(stored, profile, GsmaStatus.REBINDING_REFUSED);
        }
        Instant end = profile.limits().expiresAt();
        if (end != null && !ground.now().isBefore(end)) {
            return terminate(stored, ProfileStep.DOWNLOADED, GsmaStatus.ORDER_EXPIRED, ErrorCause.EXPIRED);
        }
        return confirmed(stored.state(), profile, prepared)
                .compose(refusal ->
                        refusal.isPresent() ? done(refusal.get()) : packageFor(stored, credential, prepared));
    }

    /** Several cards may have been admitted with one code before the first of them fetched the package. */
    private boolean isAnotherCards(ProfileRow profile, RspSession session) {
        ProfileStatus.CardReference card = profile.status().card();
        return card != null && !card.index().equals(ground.vault.eidIndex(card(session)));
    }

    private static Eid card(RspSession session) {
        return session.authenticated().orElseThrow().eid();
    }

    private static Optional<GsmaStatus> refusalByState(ProfileRow profile) {
        ProfileStatus status = profile.status();
        if (status.state().isPending()) {
            return Optional.empty();
        }
        if (status.errorCause() == ErrorCause.CONFIRMATION_LIMIT) {
            return Optional.of(GsmaStatus.CONFIRMATION_EXCEEDED);
        }
        if (status.errorCause() == ErrorCause.EXPIRED) {
            return Optional.of(GsmaStatus.ORDER_EXPIRED);
        }
        return Optional.of(GsmaStatus.REBINDING_REFUSED);
    }

    /** Looks at the confirmation code; a wrong one is counted and leaves the session open for the next try. */
    private Future<Optional<GsmaStatus>> confirmed(RspSession session, ProfileRow profile, Prepared prepared) {
        Optional<byte[]> codeHash = ground.vault.confirmation(profile);
        if (codeHash.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        byte @Nullable [] hash = prepared.confirmationHash();
        if (hash == null) {
            GsmaStatus missing = GsmaStatus.CONFIRMATION_MISSING;
            return writer.write(StatusWriter.Step.refused(profile, ProfileStep.CONFIRMATION, missing, null)
                            .of(card(session)))
                    .map(Optional.of(missing));
        }
        if (PrepareDownload.isConfirmedBy(hash, codeHash.get(), session.transactionId())) {
            return Future.succeededFuture(Optional.empty());
        }
        ProfileStatus counted = profile.status().withWrongConfirmation();
        boolean last = counted.confirmations() >= profile.limits().confirmations();
        GsmaStatus status = last ? GsmaStatus.CONFIRMATION_EXCEEDED : GsmaStatus.CONFIRMATION_WRONG;
        ProfileStatus next = last ? counted.failed(ErrorCause.CONFIRMATION_LIMIT, null) : counted;
        return writer.write(new StatusWriter.Step(profile, next, ProfileStep.CONFIRMATION, status, null, -1)
                        .of(card(session)))
                .map(Optional.of(status));
    }

    private Future<Outcome<byte[]>> packageFor(
            SessionStore.Stored stored, ServerCredential credential, Prepared prepared) {
        ProfileRow profile = stored.profile();
        ProfileStatus.BindingReference last = profile.status().binding();
        if (last != null && Arrays.equals(last.oneTimeKey(), prepared.cardKey())) {
            return ground.packages
                    .find(ground.pool(), profile)
                    .compose(kept -> kept.isPresent()
                            ? again(stored, credential, prepared, kept.get())
                            : bind(stored, credential, prepared));
        }
        return bind(stored, credential, prepared);
    }

    private Future<Outcome<byte[]>> again(
            SessionStore.Stored stored, ServerCredential credential, Prepared prepared, byte[] kept) {
        ProfileRow profile = stored.profile();
        return ground.contents
                .material(ground.pool(), profile, stored.sealedKeys())
                .compose(material -> material.isEmpty()
                        ? done(GsmaStatus.EXECUTION_ERROR)
                        : ground.computations
                                .on(
                                        credential.bindingCurve(),
                                        sizeBytes(material.get()),
                                        () -> ground.contents.again(profile, material.get(), kept))
                                .compose(previous -> previous.isPresent()
                                        ? repeat(stored, credential, prepared, previous.get())
                                        : bind(stored, credential, prepared)));
    }

    private static int sizeBytes(ProfilePackages.Material material) {
        return material.type().template().sizeBytes();
    }

    private Future<Outcome<byte[]>> repeat(
            SessionStore.Stored stored, ServerCredential credential, Prepared prepared, BoundPackage previous) {
        return ground.computations
                .on(
                        credential.bindingCurve(),
                        previous.bytes().length,
                        () -> binding(stored.state(), credential, prepared).repeat(previous, ground.random))
                .compose(bound -> bound.equals(previous)
                        ? Future.succeededFuture(Outcome.done(bound.bytes()))
                        : keep(
                                stored,
                                prepared,
                                new ProfilePackages.Bound(bound, null),
                                stored.profile().status().downloads()));
    }

    private Future<Outcome<byte[]>> bind(SessionStore.Stored stored, ServerCredential credential, Prepared prepared) {
        ProfileRow profile = stored.profile();
        // The session was counted when its card was admitted; another key within it is another attempt.
        int delivered = profile.status().downloads() + (stored.hasPackage() ? 1 : 0);
        if (delivered > profile.limits().downloads()) {
            return terminate(stored, ProfileStep.DOWNLOADED, GsmaStatus.ATTEMPTS_EXCEEDED, ErrorCause.DOWNLOAD_LIMIT);
        }
        return ground.contents
                .material(ground.pool(), profile, stored.sealedKeys())
                .compose(material -> {
                    if (material.isEmpty()) {
                        return done(GsmaStatus.EXECUTION_ERROR);
                    }
                    return ground.computations
                            .on(
                                    credential.bindingCurve(),
                                    sizeBytes(material.get()),
                                    () -> ground.contents.bind(
                                            profile,
                                            material.get(),
                                            binding(stored.state(), credential, prepared),
                                            ground.random))
                            .compose(bound -> keep(stored, prepared, bound, delivered));
                });
    }

    private Future<Outcome<byte[]>> keep(
            SessionStore.Stored stored, Prepared prepared, ProfilePackages.Bound bound, int delivered) {
        RspSession session = stored.state();
        ProfileRow profile = stored.profile();
        RspSession.AuthenticatedCard card = session.authenticated().orElseThrow();
        boolean reserved =
                profile.status().card() != null && profile.status().card().reserved();
        ProfileStatus next = profile.status()
                .downloaded(
                        ground.vault.card(profile.tenantId(), profile.id(), card.eid(), reserved),
                        new ProfileStatus.BindingReference(
                                session.transactionId(),
                                prepared.cardKey(),
                                card.curve().name(),
                                card.key()),
                        delivered);
        return writer.write(
                        new StatusWriter.Step(profile, next, ProfileStep.DOWNLOADED).of(card.eid()),
                        ground.packages.put(profile, bound.made(), ground.now()))
                .compose(after -> {
                    ground.recent.put(stored.with(after), ground.now());
                    return keepProtected(profile, bound.fresh());
                })
                .map(Outcome.done(bound.made().bytes()));
    }

    /** Saves the next download the work. The package is kept, so nothing is lost when this is. */
    private Future<Void> keepProtected(ProfileRow profile, @Nullable ProtectedProfile fresh) {
        return fresh == null
                ? Future.succeededFuture()
                : ground.database
                        .inWorker(connection ->
                                ground.contents.protectedProfiles().put(connection, profile, fresh, ground.now()))
                        .onFailure(failure -> log.warn("a protected profile was not kept", failure))
                        .otherwiseEmpty();
    }

    private Binding binding(RspSession session, ServerCredential credential, Prepared prepared) {
        return new Binding(
                credential.bindingCurve(),
                credential.bindingKey(),
                session.authenticated().orElseThrow().eid(),
                session.transactionId().bytes(),
                prepared.cardKey());
    }

    private Future<Outcome<byte[]>> terminate(
            SessionStore.Stored stored, ProfileStep step, GsmaStatus status, ErrorCause cause) {
        ProfileRow profile = stored.profile();
        ProfileStatus next = profile.status().failed(cause, null);
        return writer.write(new StatusWriter.Step(profile, next, step, status, null, -1).of(card(stored.state())))
                .compose(done -> done(status));
    }

    private static Future<Outcome<byte[]>> done(GsmaStatus status) {
        return Future.succeededFuture(Outcome.failed(status));
    }
}

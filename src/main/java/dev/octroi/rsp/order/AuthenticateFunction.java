package dev.octroi.rsp.order;

import dev.octroi.db.Gathering;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.ChainVerifier;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.order.Downloads.Offered;
import dev.octroi.rsp.session.AuthenticateClient;
import dev.octroi.rsp.session.AuthenticateClient.Client;
import dev.octroi.rsp.session.AuthenticateClient.Offer;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.rsp.session.RspSession;
import dev.octroi.rsp.session.ServerCredential;
import dev.octroi.rsp.session.ServerIdentity;
import dev.octroi.rsp.session.TransactionId;
import dev.octroi.rsp.type.ProfileType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** ES9+.AuthenticateClient over sessions and profiles. */
final class AuthenticateFunction {
    private final Es9Ground ground;
    private final StatusWriter writer;
    private final AuthenticateClient step;
    private final Gathering<ProfileStore.Naming, Optional<ProfileStore.Candidate>> namings;

    AuthenticateFunction(Vertx vertx, Es9Ground ground, StatusWriter writer, ChainVerifier chains) {
        this.ground = ground;
        this.writer = writer;
        this.step = new AuthenticateClient(chains, ground.random);
        this.namings = new Gathering<>(
                vertx,
                naming -> naming,
                asked -> ground.profiles.findByMatchingIds(ground.database.keyedPool(), asked));
    }

    Future<Outcome<Offered>> run(TransactionId transactionId, Tlv response) {
        ServerIdentity server = ground.identity.get();
        Optional<RspSession> initiated = ground.initiated.read(transactionId, server, ground.now());
        if (initiated.isEmpty()) {
            return done(GsmaStatus.TRANSACTION_UNKNOWN);
        }
        RspSession session = initiated.get();
        Curve curve = server.cardCurve(session).orElse(Curve.P256);
        return ground.compute(curve, () -> step.verify(server, session, transactionId, response, ground.now()))
                .compose(verified -> {
                    if (verified instanceof Outcome.Done<Client> client) {
                        return ground.retrying(() -> offer(server, session, client.value()));
                    }
                    return refuse(transactionId, ((Outcome.Failed<Client>) verified).status());
                });
    }

    /** A failed proof ends the session; a message that names another one, or lacks a part, does not. */
    private Future<Outcome<Offered>> refuse(TransactionId transactionId, GsmaStatus status) {
        if (status.equals(GsmaStatus.TRANSACTION_UNKNOWN)) {
            return done(status);
        }
        Future<Boolean> isOpen = status.equals(GsmaStatus.MISSING_INPUT)
                ? ground.sessions.isLate(ground.pool(), transactionId).map(late -> !late)
                : ground.sessions.refuse(ground.pool(), transactionId, ground.now());
        return isOpen.compose(open -> done(open ? status : GsmaStatus.TRANSACTION_UNKNOWN));
    }

    private Future<Outcome<Offered>> offer(ServerIdentity server, RspSession session, Client client) {
        String matchingId = client.matchingId();
        TransactionId name = session.transactionId();
        Future<Optional<ProfileStore.Candidate>> found = matchingId == null
                ? ground.profiles
                        .findForCard(ground.pool(), client.eid(), name)
                        .compose(waiting -> chosen(waiting, 0, client))
                : namings.ask(new ProfileStore.Naming(matchingId, name));
        return found.compose(candidate -> {
            if (candidate.isEmpty()) {
                return refuse(name, matchingId == null ? GsmaStatus.EID_REFUSED : GsmaStatus.MATCHING_ID_REFUSED);
            }
            return candidate.get().isLate()
                    ? done(GsmaStatus.TRANSACTION_UNKNOWN)
                    : admit(server, session, client, candidate.get());
        });
    }

    /**
     * The first of several that the card can have: one that it never can would hide all others. Where it can have none, the
     * first of all, whose refusal is told.
     */
    private Future<Optional<ProfileStore.Candidate>> chosen(
            List<ProfileStore.Candidate> waiting, int at, Client client) {
        if (at == waiting.size() || (at > 0 && !isWaiting(waiting.get(at))) || waiting.size() == 1) {
            return Future.succeededFuture(waiting.stream().findFirst());
        }
        ProfileStore.Candidate candidate = waiting.get(at);
        return ground.contents
                .type(ground.pool(), candidate.profile())
                .compose(type -> type.isPresent()
                                && admission(candidate.profile(), client, type.get())
                                        instanceof OrderRules.Admission.Admitted
                        ? Future.succeededFuture(Optional.of(candidate))
                        : chosen(waiting, at + 1, client));
    }

    private static boolean isWaiting(ProfileStore.Candidate candidate) {
        ProfileStatus status = candidate.profile().status();
        return status.state().isPending() && status.reservation() != null;
    }

    private OrderRules.Admission admission(ProfileRow profile, Client client, ProfileType type) {
        return OrderRules.admit(profile, ground.vault.eidIndex(client.eid()), client.facts(), type, ground.now());
    }

    private Future<Outcome<Offered>> admit(
            ServerIdentity server, RspSession session, Client client, ProfileStore.Candidate found) {
        Optional<ServerCredential> credential = server.credential(session.credentialKeyId());
        return ground.contents
                .type(ground.pool(), found.profile())
                .compose(type -> type.isEmpty() || credential.isEmpty()
                        ? done(GsmaStatus.EXECUTION_ERROR)
                        : admit(session, client, found, type.get(), credential.get()));
    }

    private Future<Outcome<Offered>> admit(
            RspSession session,
            Client client,
            ProfileStore.Candidate found,
            ProfileType type,
            ServerCredential credential) {
        ProfileRow profile = found.profile();
        OrderRules.Admission admission = admission(profile, client, type);
        if (admission instanceof OrderRules.Admission.Refused refused) {
            ProfileStatus next = refused.terminal()
                    .map(cause -> profile.status().failed(cause, null))
                    .orElse(profile.status());
            return writer.write(new StatusWriter.Step(
                                    profile, next, ProfileStep.AUTHENTICATED, refused.status(), client.facts(), -1)
                            .of(client.eid()))
                    .compose(done -> refuse(session.transactionId(), refused.status()));
        }
        return ground.compute(credential.bindingCurve(), () -> sign(session, client, profile, type, credential))
                .compose(signed -> keep(found, client, signed));
    }

    private record Signed(Offer offer, Tlv metadata) {}

    private Signed sign(
            RspSession session, Client client, ProfileRow profile, ProfileType type, ServerCredential credential) {
        ProfileStatus.BindingReference binding = profile.status().binding();
        Offer offer = step.offer(
                credential,
                session,
                client,
                profile.needsConfirmation(),
                binding == null ? null : binding.oneTimeKey());
        return new Signed(offer, ground.contents.metadata(profile, type));
    }

    private Future<Outcome<Offered>> keep(ProfileStore.Candidate found, Client client, Signed signed) {
        ProfileRow profile = found.profile();
        Offer offer = signed.offer();
        StatusWriter.Step written = new StatusWriter.Step(
                        profile, profile.status().withAttempts(1), ProfileStep.AUTHENTICATED, null, client.facts(), -1)
                .of(client.eid());
        RspSession session = offer.session();
        Instant end = ground.initiated.end(session);
        return writer.write(written, ground.sessions.admitted(session, profile, ground.now(), end))
                .map(after -> {
                    Integer life = profile.status().life().no();
                    ground.recent.put(
                            new SessionStore.Stored(session, after, found.sealedKeys(), life, end), ground.now());
                    return Outcome.done(new Offered(
                            session.transactionId(),
                            signed.metadata(),
                            offer.smdpSigned2(),
                            offer.smdpSignature2(),
                            offer.smdpCertificate()));
                })
                // Two requests used one transaction; this one came second.
                .recover(failure -> failure instanceof StatusWriter.Closed
                        ? done(GsmaStatus.TRANSACTION_UNKNOWN)
                        : Future.failedFuture(failure));
    }

    private static Future<Outcome<Offered>> done(GsmaStatus status) {
        return Future.succeededFuture(Outcome.failed(status));
    }
}

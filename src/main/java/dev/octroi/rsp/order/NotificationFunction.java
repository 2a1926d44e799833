package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.bound.NotificationEvent;
import dev.octroi.rsp.cert.ChainVerifier;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.notification.CardNotification;
import dev.octroi.rsp.notification.CardNotification.InstallationResult;
import dev.octroi.rsp.notification.CardNotification.StateChange;
import dev.octroi.rsp.notification.NotificationProof;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.RspSession;
import dev.octroi.rsp.session.TransactionId;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * ES9+.HandleNotification. Every notification that can be read is taken, whatever comes of it: a device repeats what is
 * not taken for ever. Only what a card has signed changes anything, and each number of a card only once.
 */
final class NotificationFunction {
    private final Es9Ground ground;
    private final StatusWriter writer;
    private final NotificationProof proof;

    NotificationFunction(Es9Ground ground, StatusWriter writer, ChainVerifier chains) {
        this.ground = ground;
        this.writer = writer;
        this.proof = new NotificationProof(chains);
    }

    Future<Void> run(Tlv element) {
        return Computations.here(() -> CardNotification.read(element))
                .compose(read -> read.isEmpty() ? Future.succeededFuture() : placed(read.get()));
    }

    private Future<Void> placed(CardNotification notification) {
        return ground.retrying(() -> switch (notification) {
            case InstallationResult result -> installed(result);
            case StateChange change -> changed(change);
        });
    }

    private Future<Void> installed(InstallationResult result) {
        return downloaded(result).compose(found -> {
            ProfileStatus.@Nullable BindingReference binding =
                    found.map(profile -> profile.status().binding()).orElse(null);
            if (found.isEmpty()) {
                return Future.succeededFuture();
            }
            if (binding == null) {
                return ofForgottenCard(found.get(), result);
            }
            Curve curve = Curve.valueOf(binding.cardCurve());
            return ground.compute(curve, () -> NotificationProof.holds(result, curve, binding.cardKey()))
                    .compose(holds -> holds ? take(found.get(), result) : Future.succeededFuture());
        });
    }

    private Future<Optional<ProfileRow>> downloaded(InstallationResult result) {
        Optional<ProfileRow> recent = ground.recent
                .take(result.transactionId(), ground.now())
                .filter(SessionStore.Stored::hasPackage)
                .map(SessionStore.Stored::profile);
        return recent.isPresent()
                ? Future.succeededFuture(recent)
                : ground.profiles
                        .findByTransaction(ground.pool(), result.transactionId())
                        .compose(found -> found.isPresent() ? Future.succeededFuture(found) : ofEarlierPackage(result));
    }

    /** A card may have installed the package of a session before the last; a failure of that one says nothing now. */
    private Future<Optional<ProfileRow>> ofEarlierPackage(InstallationResult result) {
        if (result.failure().isPresent()) {
            return Future.succeededFuture(Optional.empty());
        }
        return ground.sessions
                .findProfile(ground.pool(), result.transactionId())
                .compose(named -> named.isEmpty()
                        ? Future.succeededFuture(Optional.empty())
                        : ground.profiles.find(
                                ground.pool(),
                                named.get().tenantId(),
                                named.get().profileId()));
    }

    /**
     * A later package failed on the card and was told first: the profile waits for any card, while this one has it. The session of the
     * earlier package knows its key; that package is the one that counts then.
     */
    private Future<Void> ofForgottenCard(ProfileRow profile, InstallationResult result) {
        if (result.failure().isPresent() || profile.status().state() != ProfileState.RELEASED) {
            return Future.succeededFuture();
        }
        return ground.sessions
                .find(ground.pool(), result.transactionId(), ground.now())
                .compose(stored -> stored.filter(each -> each.isOfTheLifeOf(profile))
                        .flatMap(each -> each.state().authenticated())
                        .filter(card -> mayBeOf(profile.status(), card))
                        .map(card -> ground.compute(
                                        card.curve(), () -> NotificationProof.holds(result, card.curve(), card.key()))
                                .compose(holds -> holds
                                        ? take(fetchedBy(profile, card, result.transactionId()), result)
                                        : Future.<Void>succeededFuture()))
                        .orElseGet(Future::succeededFuture));
    }

    private boolean mayBeOf(ProfileStatus status, RspSession.AuthenticatedCard card) {
        ProfileStatus.@Nullable CardReference named = status.card();
        return named == null || named.index().equals(ground.vault.eidIndex(card.eid()));
    }

    private ProfileRow fetchedBy(ProfileRow profile, RspSession.AuthenticatedCard card, TransactionId transactionId) {
        ProfileStatus status = profile.status();
        boolean reserved = status.reservation() != null;
        return profile.with(status.downloaded(
                ground.vault.card(profile.tenantId(), profile.id(), card.eid(), reserved),
                // For which one-time key it was made is not asked any more: no package is made anew in a session that
                // is over.
                new ProfileStatus.BindingReference(
                        transactionId, new byte[0], card.curve().name(), card.key()),
                status.downloads()));
    }

    private Future<Void> take(ProfileRow profile, InstallationResult result) {
        ProfileStatus status = profile.status();
        ProfileStatus.CardReference card = status.card();
        if (card == null || (result.failure().isPresent() && status.state() == ProfileState.INSTALLED)) {
            return Future.succeededFuture();
        }
        GsmaStatus refusal =
                result.failure().map(CardNotification.InstallFailure::status).orElse(null);
        ProfileStatus next = result.failure()
                .map(failure -> InstallFailurePolicy.after(status, failure.reason(), isNewest(result, status)))
                .orElseGet(() -> afterInstallation(status, result.sequenceNumber()));
        StatusWriter.Step step =
                new StatusWriter.Step(profile, next, ProfileStep.INSTALLED, refusal, null, result.sequenceNumber());
        return once(profile, card, result, "install", step);
    }

    private static boolean isNewest(InstallationResult result, ProfileStatus status) {
        ProfileStatus.@Nullable BindingReference last = status.binding();
        return last != null
                && last.transactionId().equals(result.transactionId())
                && result.sequenceNumber() > status.lastSequence();
    }

    /** What the card did with the profile later may have been told before; the installation is then told all the same. */
    private static ProfileStatus afterInstallation(ProfileStatus status, long sequence) {
        return sequence > status.lastSequence()
                ? status.withState(ProfileState.INSTALLED).onCard(CardPresence.NONE, sequence)
                : status;
    }

    private Future<Void> changed(StateChange change) {
        if (change.iccid().isEmpty()) {
            return Future.succeededFuture();
        }
        return ground.profiles
                .findByIccid(ground.pool(), change.iccid().get())
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture()
                        : isOfItsCard(found.get(), change)
                                .compose(is -> is ? take(found.get(), change) : Future.succeededFuture()));
    }

    /**
     * Whether the card that fetched the profile signed. Its key is known from the download, where the card proved itself: that
     * its manufacturer's certificate has run out since, or that our revocation list is stale, makes a report no less true.
     * Only for another key of the card its chain has to say whose it is.
     */
    private Future<Boolean> isOfItsCard(ProfileRow profile, StateChange change) {
        ProfileStatus.@Nullable CardReference card = profile.status().card();
        ProfileStatus.@Nullable BindingReference binding = profile.status().binding();
        if (card == null || binding == null) {
            return Future.succeededFuture(false);
        }
        Curve curve = Curve.valueOf(binding.cardCurve());
        return ground.compute(curve, () -> NotificationProof.holds(change, curve, binding.cardKey()))
                .compose(holds -> holds
                        ? Future.succeededFuture(true)
                        : ground.computations
                                .onWorker(() -> proof.prove(
                                        change, ground.identity.get().issuers(), ground.now()))
                                .map(eid -> eid.isPresent() && card.index().equals(ground.vault.eidIndex(eid.get()))));
    }

    private Future<Void> take(ProfileRow profile, StateChange change) {
        ProfileStatus.CardReference card = requireNonNull(profile.status().card());
        ProfileStatus next = profile.status();
        // Numbers grow on the card; devices deliver them in any order. The newest says how things are.
        if (change.sequenceNumber() > next.lastSequence()) {
            next = after(next, change.event(), change.sequenceNumber());
        }
        Optional<ProfileStep> step = stepOf(change.event());
        if (step.isEmpty()) {
            return Future.succeededFuture();
        }
        return once(
                profile,
                card,
                change,
                change.event().name().toLowerCase(Locale.ROOT),
                new StatusWriter.Step(profile, next, step.get(), null, null, change.sequenceNumber()));
    }

    /** Whatever a card reports of a profile, it has it: the result of the installation may have been lost. */
    private static ProfileStatus after(ProfileStatus status, NotificationEvent event, long sequence) {
        return switch (event) {
            case INSTALL -> status;
            case ENABLE -> status.withState(ProfileState.INSTALLED).onCard(CardPresence.ENABLED, sequence);
            case DISABLE -> status.withState(ProfileState.INSTALLED).onCard(CardPresence.DISABLED, sequence);
            case DELETE -> status.withState(ProfileState.UNAVAILABLE).onCard(CardPresence.DELETED, sequence);
        };
    }

    private static Optional<ProfileStep> stepOf(NotificationEvent event) {
        return switch (event) {
            case INSTALL -> Optional.empty();
            case ENABLE -> Optional.of(ProfileStep.ENABLED);
            case DISABLE -> Optional.of(ProfileStep.DISABLED);
            case DELETE -> Optional.of(ProfileStep.DELETED);
        };
    }

    private Future<Void> once(
            ProfileRow profile,
            ProfileStatus.CardReference card,
            CardNotification notification,
            String kind,
            StatusWriter.Step step) {
        // A package that was installed, or never will be, is of no more use.
        boolean over = step.next().state() == ProfileState.INSTALLED
                || step.next().state() == ProfileState.UNAVAILABLE
                || step.next().binding() == null;
        return writer.write(step, ground.notifications.once(profile, card, notification, kind, over, ground.now()))
                .<Void>mapEmpty()
                .recover(failure -> failure instanceof StatusWriter.Closed
                        ? Future.succeededFuture()
                        : Future.failedFuture(failure));
    }
}

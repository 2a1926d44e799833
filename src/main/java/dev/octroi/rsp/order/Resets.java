package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.secret.Sensitive;
import dev.octroi.secret.Sha256;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings a profile back after an error, a lost download or a deletion: released, with counters at zero. Sessions of the
 * life before end, and what a card still reports of it is not taken.
 */
public final class Resets {
    private final Es9Ground ground;
    private final ResetStore store = new ResetStore();
    private final Supplier<String> tokens;
    private final boolean reuse;

    /**
     * @param tokens makes matching ids
     * @param reuse whether a profile that a card reported as deleted may be given out again
     */
    public Resets(Downloads downloads, Supplier<String> tokens, boolean reuse) {
        this.ground = requireNonNull(downloads, "downloads is null").ground();
        this.tokens = requireNonNull(tokens, "tokens is null");
        this.reuse = reuse;
    }

    /**
     * Resets a profile in the caller's transaction; a refusal has written nothing.
     *
     * @param connection of the worker role
     */
    public Future<ResetOutcome> reset(SqlConnection connection, int tenantId, long profileId, ResetRequest request) {
        return ground.profiles.find(connection, tenantId, profileId).compose(seen -> {
            if (seen.isEmpty()) {
                return Future.succeededFuture(new ResetOutcome.Unknown());
            }
            // The profile's row before its package, in the order in which downloads take them.
            return store.lock(connection, tenantId, profileId)
                    .compose(locked -> locked.isEmpty()
                            ? refused(ResetOutcome.Reason.ELSEWHERE)
                            : ground.packages
                                    .delete(connection, seen.get())
                                    .compose(deleted -> decide(connection, locked.get(), request)));
        });
    }

    /** To be called after the commit. */
    public void committed(ResetOutcome.Done done) {
        ground.recorder.committed(done.change());
    }

    private Future<ResetOutcome> decide(SqlConnection connection, ProfileRow profile, ResetRequest request) {
        ProfileStatus.CardReference card =
                request.liftCard() ? null : profile.status().reservation();
        String matchingId = request.freshCode()
                ? tokens.get()
                : ground.vault.matchingId(profile).map(Sensitive::reveal).orElse(null);
        Instant end = end(profile.limits().expiresAt(), request.expiresAt());
        Optional<ResetOutcome.Reason> refusal = ResetRules.refusal(profile.status(), reuse)
                .or(() -> ResetRules.refusal(matchingId != null, card != null, end, ground.now()));
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        return write(
                connection, profile, profile.status().reset(card), terms(profile, request, matchingId, end), request);
    }

    private Future<ResetOutcome> write(
            SqlConnection connection,
            ProfileRow profile,
            ProfileStatus reset,
            ResetStore.Terms terms,
            ResetRequest request) {
        Instant now = ground.now();
        ProfileStatus next = reset.withProgress(reset.progressNo() + 1);
        ProfileRow after = after(profile, next, terms);
        ProfileChange change =
                ProfileChange.of(after, ProfileStep.RESET, null, null, -1, now).by(request.by());
        return store.write(connection, profile, next, terms, now)
                .compose(written -> ground.recorder.record(connection, change))
                .map(recorded -> new ResetOutcome.Done(recorded, after));
    }

    private ResetStore.Terms terms(
            ProfileRow profile, ResetRequest request, @Nullable String matchingId, @Nullable Instant end) {
        byte @Nullable [] sealed = request.freshCode() && matchingId != null
                ? ground.vault.sealMatchingId(profile.tenantId(), profile.id(), matchingId)
                : profile.sealed().matchingId();
        byte @Nullable [] confirmation = switch (request.confirmationCode()) {
            case ResetRequest.Wish.Keep<Sensitive<String>> keep ->
                profile.sealed().confirmation();
            case ResetRequest.Wish.Drop<Sensitive<String>> drop -> null;
            case ResetRequest.Wish.Put<Sensitive<String>> put ->
                ground.vault.sealConfirmation(
                        profile.tenantId(),
                        profile.id(),
                        Sha256.of(put.value().reveal().getBytes(StandardCharsets.UTF_8)));
        };
        return new ResetStore.Terms(
                sealed, matchingId == null ? null : ground.vault.matchingIndex(matchingId), confirmation, end);
    }

    private static @Nullable Instant end(@Nullable Instant kept, ResetRequest.Wish<Instant> wish) {
        return switch (wish) {
            case ResetRequest.Wish.Keep<Instant> keep -> kept;
            case ResetRequest.Wish.Drop<Instant> drop -> null;
            case ResetRequest.Wish.Put<Instant> put -> put.value();
        };
    }

    private static ProfileRow after(ProfileRow before, ProfileStatus next, ResetStore.Terms terms) {
        ProfileRow.Sealed sealed = before.sealed();
        ProfileRow.Limits limits = before.limits();
        return new ProfileRow(
                before.tenantId(),
                before.id(),
                before.names(),
                before.origin(),
                new ProfileRow.Sealed(sealed.iccid(), sealed.imsi(), terms.matchingId(), terms.confirmation()),
                new ProfileRow.Limits(
                        limits.downloads(), limits.confirmations(), terms.expiresAt(), limits.operatorId()),
                next,
                before.version() + 1,
                before.createdAt(),
                before.isListenedTo());
    }

    private static Future<ResetOutcome> refused(ResetOutcome.Reason reason) {
        return Future.succeededFuture(new ResetOutcome.Refused(reason));
    }
}

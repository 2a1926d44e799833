package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.session.InitiatedSessions;
import dev.octroi.rsp.session.ServerIdentity;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.sqlclient.Pool;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;

/** What all functions of ES9+ stand on. */
final class Es9Ground {
    private static final int MAX_TRIES = 6;

    final Database database;
    final Computations computations;
    final Supplier<ServerIdentity> identity;
    final ProfileVault vault;
    final ProfileKinds kinds;
    final ProfilePackages contents;
    final InitiatedSessions initiated;
    final SessionStore sessions;
    final RecentSessions recent = new RecentSessions();
    final ProfileStore profiles;
    final PackageStore packages;
    final NotificationStore notifications;
    final ProgressRecorder recorder;
    final InstantSource clock;
    final SecureRandom random;

    Es9Ground(
            Database database,
            WorkerExecutor workers,
            Supplier<ServerIdentity> identity,
            ProfileVault vault,
            ProfileKinds kinds,
            InitiatedSessions initiated,
            SessionStore sessions,
            ProgressRecorder recorder,
            InstantSource clock,
            SecureRandom random) {
        this.database = requireNonNull(database, "database is null");
        this.computations = new Computations(workers);
        this.identity = requireNonNull(identity, "identity is null");
        this.vault = requireNonNull(vault, "vault is null");
        this.kinds = requireNonNull(kinds, "kinds is null");
        this.initiated = requireNonNull(initiated, "initiated is null");
        this.sessions = requireNonNull(sessions, "sessions is null");
        this.recorder = requireNonNull(recorder, "recorder is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.random = requireNonNull(random, "random is null");
        this.profiles = new ProfileStore(vault);
        this.packages = new PackageStore(vault);
        this.notifications = new NotificationStore(vault);
        this.contents =
                new ProfilePackages(kinds, profiles, vault, () -> identity.get().address());
    }

    /** The status was written over another version than the one it was decided on. */
    static final class Outrun extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Outrun() {
            super("another writer was faster", null, false, false);
        }
    }

    Pool pool() {
        return database.workerPool();
    }

    Instant now() {
        return clock.instant();
    }

    /** Computes a few signatures on a curve and nothing else. */
    <T> Future<T> compute(Curve curve, Callable<T> computation) {
        return computations.on(curve, 0, computation);
    }

    /** Runs a function again when another request changed the same profile meanwhile. */
    <T> Future<T> retrying(Supplier<Future<T>> function) {
        return retrying(function, 1);
    }

    /** Runs a function on a profile that was read, and again on the profile as it is then when another changed it. */
    <T> Future<T> retrying(ProfileRow read, Function<ProfileRow, Future<T>> function) {
        return function.apply(read)
                .recover(failure -> failure instanceof Outrun
                        ? retrying(
                                () -> profiles.find(pool(), read.tenantId(), read.id())
                                        .compose(found -> function.apply(found.orElseThrow())),
                                2)
                        : Future.failedFuture(failure));
    }

    /** Runs a function on a session as it was read or written, and again on it as it is then when it went on meanwhile. */
    <T> Future<T> retrying(SessionStore.Stored read, Function<Optional<SessionStore.Stored>, Future<T>> function) {
        return function.apply(Optional.of(read))
                .recover(failure -> failure instanceof Outrun
                        ? retrying(
                                () -> sessions.find(pool(), read.state().transactionId(), now())
                                        .compose(function),
                                2)
                        : Future.failedFuture(failure));
    }

    private <T> Future<T> retrying(Supplier<Future<T>> function, int attempt) {
        return function.get()
                .recover(failure -> failure instanceof Outrun && attempt < MAX_TRIES
                        ? retrying(function, attempt + 1)
                        : Future.failedFuture(failure));
    }
}

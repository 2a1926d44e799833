package dev.octroi.callback.call;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks names up in threads of its own. A name server that does not answer holds a thread for ten seconds and more, and whoever
 * owns a name decides whether it does: nobody else's work waits in these threads, and a name is looked up once at a time.
 */
public final class HostNames {
    private static final long IDLE_SECONDS = 30;
    /** More names than this wait for nobody: each attempt has a few seconds for it. */
    private static final int MAX_WAITING = 1_000;

    private final Vertx vertx;
    private final Lookup lookup;
    private final Executor threads;
    private final Map<String, CompletableFuture<List<InetAddress>>> underWay = new ConcurrentHashMap<>();

    /** How a name is looked up; blocks. */
    @FunctionalInterface
    public interface Lookup {
        /** All addresses of a name; blocks. */
        List<InetAddress> all(String host) throws Exception;
    }

    /**
     * @param purpose what the threads are called
     * @param most threads at a time; those that are idle end
     */
    public HostNames(Vertx vertx, String purpose, int most, Lookup lookup) {
        this.vertx = vertx;
        this.lookup = lookup;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                most,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                Thread.ofPlatform().daemon().name(purpose + "-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    /** All addresses of a name; completes on the caller's context. Fails at once while too many names wait. */
    public Future<List<InetAddress>> all(String host) {
        CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> before = underWay.putIfAbsent(host, found);
        if (before == null) {
            begin(host, found);
        }
        return Future.fromCompletionStage(before == null ? found : before, vertx.getOrCreateContext());
    }

    private void begin(String host, CompletableFuture<List<InetAddress>> found) {
        try {
            threads.execute(() -> answer(host, found));
        } catch (RejectedExecutionException tooMany) {
            underWay.remove(host);
            found.completeExceptionally(tooMany);
        }
    }

    private void answer(String host, CompletableFuture<List<InetAddress>> found) {
        try {
            List<InetAddress> addresses = lookup.all(host);
            underWay.remove(host);
            found.complete(addresses);
        } catch (Throwable e) {
            // An error as well: nobody would look for this name again, and all who ask for it would wait.
            underWay.remove(host);
            found.completeExceptionally(e);
        }
    }
}

package dev.octroi.db;

import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.sqlclient.Pool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.StreamSupport;

/**
 * The connections of one role, shared out among the event loops: whoever asks from a loop gets one of that loop. A
 * statement that goes out over another loop's connection wakes that loop up, and its answer wakes the first one again;
 * that cost a gateway more than the writing and reading of both.
 */
final class LoopPools {
    private final VertxInternal vertx;
    private final IntFunction<Pool> make;
    private final int connectionsEach;
    private final Map<EventLoop, Pool> pools = new ConcurrentHashMap<>();

    /**
     * @param vertx the instance whose event loops carry the connections
     * @param connections of all loops together, 1 or more; each loop has at least two of them unless there is only one
     * @param make makes a pool of so many connections, which belong to the loop that asks for them
     */
    LoopPools(Vertx vertx, int connections, IntFunction<Pool> make) {
        this.vertx = (VertxInternal) vertx;
        this.make = make;
        this.connectionsEach = each(connections, loops(this.vertx));
    }

    static int each(int connections, int loops) {
        int share = (connections + loops - 1) / loops;
        return Math.max(share, Math.min(connections, 2));
    }

    /** The pool of the caller's event loop; a thread that belongs to none is given one. */
    Pool here() {
        EventLoop loop = vertx.getOrCreateContext().nettyEventLoop();
        Pool known = pools.get(loop);
        return known != null ? known : pools.computeIfAbsent(loop, asked -> make.apply(connectionsEach));
    }

    /** Closes all of them. */
    Future<Void> close() {
        List<Future<Void>> closing = pools.values().stream().map(Pool::close).toList();
        return Future.join(closing).mapEmpty();
    }

    private static int loops(VertxInternal vertx) {
        return (int) StreamSupport.stream(vertx.nettyEventLoopGroup().spliterator(), false)
                .count();
    }
}

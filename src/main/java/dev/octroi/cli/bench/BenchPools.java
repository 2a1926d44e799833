package dev.octroi.cli.bench;

import dev.octroi.db.DatabaseConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.concurrent.TimeUnit;

/** What every bench needs of a database. */
final class BenchPools {
    private BenchPools() {}

    /** Connections of the schema's owner. */
    static Pool owner(Vertx vertx, DatabaseConfig config, int connections) {
        return PgBuilder.pool()
                .using(vertx)
                .with(new PoolOptions().setMaxSize(connections))
                .connectingTo(new PgConnectOptions()
                        .setHost(config.host())
                        .setPort(config.port())
                        .setDatabase(config.database())
                        .setUser(config.ownerUser())
                        .setPassword(config.ownerPassword())
                        .setCachePreparedStatements(true))
                .build();
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.MINUTES);
    }
}

package dev.octroi.cli.bench;

import dev.octroi.cli.demo.GatewayProcess;
import dev.octroi.db.EmbeddedServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A gateway in a process of its own on a durable embedded server, with a network, and what they consume. */
final class BenchGateway implements AutoCloseable {
    /** More than any bench uses. */
    static final long QUOTA_BYTES = 1_000_000_000_000_000L;

    private final BenchFolder folder;
    private final GatewayProcess process;
    private final BenchNetwork network;
    private final ServerCpu cpu;

    /**
     * Starts the gateway and registers the partner.
     *
     * @param settings of the gateway, {@code key=value}
     * @param operations what the partner may do
     */
    BenchGateway(Vertx vertx, List<String> settings, Set<String> operations) throws Exception {
        this.folder = BenchFolder.create();
        Path directory = folder.path();
        this.process = new GatewayProcess(directory, settings);
        process.start();
        this.cpu = new ServerCpu(process.pid(), directory);
        this.network = new BenchNetwork(
                vertx,
                directory,
                EmbeddedServer.running(directory.resolve("pg")).orElseThrow(),
                operations,
                QUOTA_BYTES);
    }

    BenchNetwork network() {
        return network;
    }

    GatewayProcess.Ports ports() {
        return process.ports();
    }

    /** What gateway, database and write-ahead log have consumed so far. */
    Consumed consumed() throws Exception {
        return new Consumed(cpu.used(), BenchPools.await(network.store().walBytes()));
    }

    /** Its processor time. */
    ServerCpu cpu() {
        return cpu;
    }

    /**
     * Resources consumed.
     *
     * @param cpu processor time
     * @param walBytes write-ahead log written
     */
    record Consumed(ServerCpu.Used cpu, long walBytes) {
        Consumed since(Consumed before) {
            return new Consumed(cpu.since(before.cpu), walBytes - before.walBytes);
        }

        /** Of that one message's part: microseconds of both, bytes of the log. */
        JsonObject each(long messages) {
            return new JsonObject()
                    .put("gatewayUs", BenchResult.rounded(cpu.gatewayMs() * 1e3 / messages))
                    .put("databaseUs", BenchResult.rounded(cpu.databaseMs() * 1e3 / messages))
                    .put("walBytes", BenchResult.rounded((double) walBytes / messages));
        }
    }

    @Override
    public void close() throws IOException {
        network.close();
        process.close();
        folder.close();
    }
}

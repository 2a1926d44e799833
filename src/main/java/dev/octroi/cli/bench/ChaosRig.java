package dev.octroi.cli.bench;

import dev.octroi.cli.EndsWithUs;
import dev.octroi.cli.demo.GatewayProcess;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Two gateways in processes of their own on one PostgreSQL, all of which can be killed without warning and started again. */
final class ChaosRig implements AutoCloseable {
    private final BenchFolder folder;
    private final Path directory;
    private final boolean isDurable;
    private final List<GatewayProcess> gateways = new ArrayList<>();
    private EmbeddedServer server;

    /**
     * @param isDurable false for the control: a server that answers before its log is on disk
     * @param count of gateways
     */
    ChaosRig(boolean isDurable, int count) throws IOException {
        this.isDurable = isDurable;
        this.folder = BenchFolder.create();
        this.directory = folder.path();
        EndsWithUs.add(this);
        this.server = EmbeddedServer.start(directory.resolve("pg"), isDurable);
        DatabaseConfig config = server.config();
        List<String> settings = List.of(
                "database.url=postgresql://" + config.host() + ":" + config.port() + "/" + config.database(),
                "database.user=" + config.ownerUser(),
                "database.password=" + config.ownerPassword());
        for (int i = 0; i < count; i++) {
            GatewayProcess gateway = new GatewayProcess(directory.resolve("gateway"), settings);
            // One after the other: the first makes the keys that both use.
            gateway.start();
            gateways.add(gateway);
        }
    }

    Path keys() {
        return directory.resolve("gateway");
    }

    DatabaseConfig config() {
        return server.config();
    }

    /** The port on which gateways take usage, by their number. */
    int port(int gateway) {
        return gateways.get(gateway).ports().operator();
    }

    int gateways() {
        return gateways.size();
    }

    void killGateway(int gateway) {
        gateways.get(gateway).kill();
    }

    void startGateway(int gateway) throws IOException {
        gateways.get(gateway).start();
    }

    /** Kills every process of the server, as if the machine had lost its power. */
    void killDatabase() throws IOException {
        Path pidFile = directory.resolve("pg/data/postmaster.pid");
        ProcessHandle postmaster = ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(pidFile).getFirst().strip()))
                .orElseThrow();
        List<ProcessHandle> all;
        try (Stream<ProcessHandle> children = postmaster.descendants()) {
            all = new ArrayList<>(children.toList());
        }
        all.addFirst(postmaster);
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().orTimeout(30, TimeUnit.SECONDS).join());
        // Lets go of the folder; there is nothing left to stop.
        server.close();
    }

    /** Starts it anew on its data: it recovers from its log. */
    synchronized void startDatabase() {
        EndsWithUs.add(this);
        server = EmbeddedServer.start(directory.resolve("pg"), isDurable);
    }

    @Override
    public synchronized void close() throws IOException {
        gateways.forEach(GatewayProcess::close);
        server.close();
        folder.close();
        EndsWithUs.remove(this);
    }
}

package dev.octroi.cli.bench;

import dev.octroi.cli.EndsWithUs;
import dev.octroi.cli.demo.GatewayProcess;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.EmbeddedServer;
import dev.octroi.db.Postmaster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    void killDatabase() {
        Postmaster.of(directory.resolve("pg")).orElseThrow().kill();
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

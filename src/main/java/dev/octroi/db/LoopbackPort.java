package dev.octroi.db;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free ports on loopback for servers that are started a little later, or stopped and started again. They lie below those that
 * the system gives to outgoing connections (from 32768 on by default, ip_local_port_range of Linux; 49152 elsewhere, RFC 6335),
 * so that no connection takes one meanwhile; and one process is given none of them twice.
 */
public final class LoopbackPort {
    static final int FIRST = 20_000;
    static final int LAST = 32_767;

    private static final int COUNT = LAST - FIRST + 1;
    /** Processes begin far from each other. */
    private static final int STRIDE = 131;

    private static final AtomicInteger next =
            new AtomicInteger((int) (ProcessHandle.current().pid() * STRIDE % COUNT));

    private LoopbackPort() {}

    /**
     * A port that nobody listens on.
     *
     * @throws IOException if there is none
     */
    public static int free() throws IOException {
        for (int tried = 0; tried < COUNT; tried++) {
            int port = FIRST + Math.floorMod(next.getAndIncrement(), COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no port from " + FIRST + " to " + LAST + " is free");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
